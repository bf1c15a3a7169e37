import { expect } from 'vitest';
import { readRun } from '../../src/pipeline/run-store.js';
import { evidenceRootOf } from '../../src/settings/evidence-root.js';
import { planAnswer, writePlanned } from '../support/answers.js';
import { attemptsOf, auto } from '../support/auto.js';
import { askedBy, stageCaller } from '../support/consensus-run.js';
import { SPEC_ID } from '../support/packet.js';
import { openTest, type Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const open = (repo: Repository) => ({ ...openTest(repo.root), now: () => new Date() });

/** Answers every question of the stage's run, each role as its own model unless `model` says otherwise. */
async function answerAll(repo: Repository, runId: string, model?: string) {
  const call = stageCaller(repo);
  let report = await call({ runId });
  for (let asked = report.awaiting?.agent; asked !== undefined; asked = report.awaiting?.agent)
    report = await call({
      runId,
      agent: asked,
      output: planAnswer(asked, { ...askedBy(report), ...(model === undefined ? {} : { model }) }),
    });
  return report;
}

test('stops for the answers of the caller, and goes on with their verdict without another guardrail', async ({
  repo,
}) => {
  writePlanned(repo);
  const workspace = open(repo);
  const first = await auto(workspace, { skipConsensus: false, to: 'plan' });
  expect(first).toMatchObject({
    status: 'awaiting_output',
    outcome: 'incomplete',
    needs: 'answers',
    next: { tool: 'spec_plan', arguments: { specId: SPEC_ID, agent: 'gemini' } },
  });
  const child = String(first.next?.arguments['runId']);
  const again = await auto(workspace, { resume: first.runId });
  expect(again).toMatchObject({ needs: 'answers', next: { arguments: { runId: child } } });
  const { verdict } = await answerAll(repo, child, 'one model');
  expect(verdict).not.toBe('ok');
  const halted = await auto(workspace, { resume: first.runId });
  expect(halted).toMatchObject({
    outcome: 'incomplete',
    status: 'done',
    halt: { stage: 'plan', code: 'DEGRADED' },
    stages: [{ stage: 'plan', outcome: 'passed', verdict: 'degraded', tries: 1 }],
  });
  expect(halted.halt?.findings.length).toBeGreaterThan(0);
  expect(readRun(workspace, await evidenceRootOf(workspace), child).parent).toBe(first.runId);
  const tries = await attemptsOf(workspace, first.runId);
  expect(tries).toMatchObject([{ consensusRun: child, ending: 'ended' }]);
});
