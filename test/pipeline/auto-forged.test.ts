import { expect } from 'vitest';
import { AutoState } from '../../schemas/auto.js';
import { RunRecord } from '../../schemas/run.js';
import { agentPipeline, allSound, soundAnswer } from '../support/agent-pipeline.js';
import { auto, implement, openTrusted, writePipeline } from '../support/auto.js';
import { ROOT } from '../support/earlier.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

/** As whoever can write into the repository can: the run's record tells something else. */
function forge(repo: Repository, runId: string, change: (state: AutoState) => Partial<AutoState>): void {
  const file = `${ROOT}/runs/${runId}.json`;
  const record = RunRecord.parse(JSON.parse(repo.read(file)));
  const state = AutoState.parse(record.state);
  repo.write(file, JSON.stringify({ ...record, status: 'done', state: { ...state, ...change(state) } }));
}

test('a stage that never ran is not passed because its record says so', async ({ repo }) => {
  writePipeline(repo);
  const workspace = openTrusted(repo);
  const { runId } = await auto(workspace);
  forge(repo, runId, ({ attempts }) => ({
    attempts: [...attempts, ...attempts.slice(-1).map(each => ({ ...each, stage: 'validate' as const }))],
  }));
  const resumed = await auto(workspace, { resume: runId });
  expect(resumed).toMatchObject({ outcome: 'failed', halt: { stage: 'validate' } });
  implement(repo);
  expect(await auto(workspace, { resume: runId })).toMatchObject({ outcome: 'passed' });
});

test('a waiver that was taken out of the record is shown all the same', async ({ repo }) => {
  writePipeline(repo);
  repo.write('left', 'uncommitted');
  const trusted = openTrusted(repo);
  const workspace = { ...trusted, operator: { ...trusted.operator, allowDirty: true } };
  const { runId, waivers } = await auto(workspace, { to: 'plan' });
  expect(waivers).toMatchObject([{ stage: 'plan', check: 'clean-tree' }]);
  forge(repo, runId, ({ attempts }) => ({ attempts: attempts.map(each => ({ ...each, waivers: [] })) }));
  const resumed = await auto(workspace, { resume: runId });
  expect(resumed.waivers).toMatchObject([{ stage: 'plan', check: 'clean-tree' }]);
});

test('a verdict that the record calls ok or accepted is neither', async ({ repo }) => {
  const { open } = await agentPipeline(repo, (role, asked, call) =>
    role === 'gpt_pro'
      ? JSON.stringify(soundAnswer(role, asked, { missing_items: [], positions: [] }))
      : role === 'claude'
        ? 'No.'
        : allSound(role, asked, call),
  );
  const { runId, halt } = await auto(open(), { skipConsensus: false, to: 'plan' });
  expect(halt?.code).toBe('DEGRADED');
  const waiver = { check: 'verdict:plan', by: 'Nobody <n@example.com>', reason: 'because' };
  forge(repo, runId, ({ attempts }) => ({
    attempts: attempts.map(each => ({ ...each, waivers: [waiver] })),
  }));
  expect(await auto(open(), { resume: runId })).toMatchObject({
    outcome: 'incomplete',
    halt: { code: 'DEGRADED' },
    waivers: [],
  });
  forge(repo, runId, ({ attempts }) => ({
    attempts: attempts.map(each => ({ ...each, verdict: 'ok' as const })),
  }));
  await expect(auto(open(), { resume: runId })).rejects.toThrow(/verdict does not carry it/);
});
