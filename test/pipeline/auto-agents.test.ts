import { expect } from 'vitest';
import { acceptVerdict } from '../../src/consensus/accept.js';
import { readRun } from '../../src/pipeline/run-store.js';
import { evidenceRootOf } from '../../src/settings/evidence-root.js';
import { planAnswer, writePlanned } from '../support/answers.js';
import { attemptsOf, auto } from '../support/auto.js';
import { runCli } from '../support/cli.js';
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

test('a verdict on answers of the caller is asserted in the answer of the run, whatever its record says', async ({
  repo,
}) => {
  writePlanned(repo);
  const workspace = open(repo);
  const { runId, next } = await auto(workspace, { skipConsensus: false, to: 'plan' });
  await answerAll(repo, String(next?.arguments['runId']));
  const done = await auto(workspace, { resume: runId });
  expect(done).toMatchObject({
    outcome: 'passed',
    stages: [{ verdict: 'ok', asserted: ['gemini', 'claude', 'gpt_pro'] }],
    summary: expect.stringContaining('On plan: Asserted, not proven: the answers of'),
  });
  const report = await runCli(repo.root, ['report', SPEC_ID]);
  expect(report.stdout.split('\n')[0]).toContain('That agents agreed on plan is asserted, not proven.');
});

/** As somebody with an editor could: the record says what the agents of the plan came to. */
async function claimAgreed(repo: Repository, runId: string): Promise<void> {
  const file = `${await evidenceRootOf(open(repo))}/runs/${runId}.json`;
  const record = JSON.parse(repo.read(file));
  const [attempt, ...others] = record.state.attempts;
  const edited = {
    ...attempt,
    outcome: 'passed',
    verdict: 'ok',
    endedAt: attempt.startedAt,
    ending: 'ended',
  };
  const state = { ...record.state, attempts: [edited, ...others] };
  repo.write(file, JSON.stringify({ ...record, status: 'done', state }));
}

test('a record that says the agents agreed is not believed: none were asked, or they did not', async ({
  repo,
}) => {
  writePlanned(repo);
  const workspace = open(repo);
  const { runId, next } = await auto(workspace, { skipConsensus: false, to: 'plan' });
  await claimAgreed(repo, runId);
  await expect(auto(workspace, { resume: runId })).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('builds on the plan stage, and no verdict of its agents is recorded'),
  });
  await answerAll(repo, String(next?.arguments['runId']), 'one model');
  await expect(auto(workspace, { resume: runId })).rejects.toThrow(/newest verdict is degraded/);
});

test('what the agents did not agree on is not left behind with from, unless no agents are wanted', async ({
  repo,
}) => {
  writePlanned(repo);
  const workspace = open(repo);
  const { runId, next } = await auto(workspace, { skipConsensus: false, to: 'plan' });
  const child = String(next?.arguments['runId']);
  await answerAll(repo, child, 'one model');
  expect((await auto(workspace, { resume: runId })).halt).toMatchObject({ code: 'DEGRADED' });
  const on = { from: 'tasks', to: 'tasks' } as const;
  await expect(auto(workspace, { ...on, skipConsensus: false })).rejects.toThrow(
    /builds on the plan stage, and its agents' verdict does not carry it: .*degraded/,
  );
  expect((await auto(workspace, { ...on, skipConsensus: true })).runId).toBeTypeOf('string');
  await acceptVerdict(workspace, {
    specId: SPEC_ID,
    stage: 'plan',
    runId: child,
    reason: 'seen and taken on',
  });
  expect((await auto(workspace, { ...on, skipConsensus: false })).runId).toBeTypeOf('string');
});
