import { expect } from 'vitest';
import { run } from '../../resources/run.js';
import type { RunRecord } from '../../schemas/run.js';
import { asEvidenced } from '../../src/pipeline/run-claims.js';
import { readRun, updateRun } from '../../src/pipeline/run-store.js';
import { evidenceRootOf } from '../../src/settings/evidence-root.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { specStatusTool } from '../../tools/spec-status.js';
import { planAnswer, writePlanned } from '../support/answers.js';
import { auto, openTrusted, writePipeline } from '../support/auto.js';
import { answerAll, stageCaller } from '../support/consensus-run.js';
import { openTest } from '../support/repository.js';
import { test } from '../support/workspace.js';

type Result = NonNullable<RunRecord['result']>;

const status = (workspace: Workspace, runId: string) =>
  specStatusTool.run(specStatusTool.input.parse({ runId }), {
    workspace,
    signal: new AbortController().signal,
    progress: async () => {},
  });

/** As somebody with an editor could. */
async function edit(workspace: Workspace, runId: string, change: (result: Result) => Result): Promise<void> {
  updateRun(workspace, await evidenceRootOf(workspace), runId, ({ result }) => ({
    result: change(result ?? {}),
  }));
}

test('a pipeline run is shown as its evidence has it, and not when its record says better', async ({
  repo,
}) => {
  writePipeline(repo);
  const workspace = openTrusted(repo);
  repo.write('new.txt', 'not committed');
  const { runId } = await auto(workspace, { to: 'plan' });
  expect((await status(workspace, runId)).result).toMatchObject({ outcome: 'failed' });
  const better = (bundle: (old: unknown) => unknown) => (result: Result) => ({
    ...result,
    outcome: 'passed',
    stages: [result['stages']]
      .flat()
      .map(stage => ({ ...Object(stage), outcome: 'passed', bundle: bundle(Object(stage).bundle) })),
  });
  await edit(
    workspace,
    runId,
    better(old => old),
  );
  const shown = await status(workspace, runId);
  expect(shown.result).toBeUndefined();
  expect(shown.failure?.message).toContain('claims plan passed, and its evidence makes it failed');
  const resource = await run.read({ runId }, workspace);
  expect(resource).toContain('claims plan passed, and its evidence makes it failed');
  expect(JSON.parse(resource ?? '')).toMatchObject({ result: null });
  await edit(
    workspace,
    runId,
    better(() => null),
  );
  expect((await status(workspace, runId)).failure?.message).toContain('there is no such evidence');
  await edit(workspace, runId, result => ({ ...result, stages: [] }));
  expect((await status(workspace, runId)).failure?.message).toContain('not all of its stages did');
});

test('a guardrail run counts with the bundle of its stage alone', async ({ repo }) => {
  writePipeline(repo);
  const workspace = openTrusted(repo);
  const root = await evidenceRootOf(workspace);
  const first = await auto(workspace, { to: 'plan' });
  const bundle = first.stages[0]?.bundle;
  const run = { ...readRun(workspace, root, first.runId), kind: 'guardrail' };
  const claim = { stage: 'plan', outcome: 'passed', bundle };
  const told = { ...run, result: claim };
  expect(await asEvidenced(workspace, root, told)).toEqual(told);
  for (const result of [
    { ...claim, stage: 'audit' },
    { ...claim, outcome: 'failed' },
  ])
    expect(await asEvidenced(workspace, root, { ...run, result })).toMatchObject({
      result: null,
      failure: { code: 'REFUSED' },
    });
});

test('a verdict is shown when the answers come to it', async ({ repo }) => {
  writePlanned(repo);
  const workspace = openTest(repo.root);
  const report = await answerAll(stageCaller(repo), (role, asked) =>
    planAnswer(role, { ...asked, model: 'one' }),
  );
  const runId = report.runId ?? '';
  expect((await status(workspace, runId)).result).toMatchObject({ verdict: 'degraded' });
  await edit(workspace, runId, result => ({ ...result, verdict: 'ok' }));
  expect((await status(workspace, runId)).failure?.message).toContain(
    'claims ok, and its evidence makes it degraded',
  );
});
