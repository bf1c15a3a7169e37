import { expect } from 'vitest';
import { StageReport } from '../../schemas/stage-tools.js';
import { writePlanned } from '../support/answers.js';
import { test } from '../support/served.js';

const specId = 'SPEC-KIT-DEMO';

test('a dry run of each later stage renders the questions of its roles', async ({ repo, client }) => {
  writePlanned(repo);
  for (const stage of ['tasks', 'implement', 'validate', 'audit', 'unlock']) {
    const result = await client.call('spec_stage', { specId, stage, dryRun: true });
    const report = StageReport.parse(result.structured);
    expect(report).toMatchObject({ stage, status: 'dry_run', verdict: null, runId: null });
    expect(report.agents?.map(({ agent }) => agent)).toEqual(
      stage === 'implement' ? ['gemini', 'claude', 'gpt_codex', 'gpt_pro'] : ['gemini', 'claude', 'gpt_pro'],
    );
    expect(await client.read(report.resource ?? '')).toContain(`spec-${stage}`);
  }
});

test('a stage whose guardrail did not pass asks nobody', async ({ repo, client }) => {
  writePlanned(repo);
  const result = await client.call('spec_stage', { specId, stage: 'audit' });
  expect(StageReport.parse(result.structured)).toMatchObject({ status: 'stopped', verdict: null });
  expect((await client.call('spec_status', { specId })).isError).toBe(false);
});

test.for([
  ['the plan stage', { specId, stage: 'plan' }, /stage/],
  ['no stage', { specId }, /stage/],
  ['an answer without its run', { specId, stage: 'tasks', agent: 'gemini', output: '{}' }, /need its runId/],
] as const)('%s is refused with words', async ([, args, message], { repo, client }) => {
  writePlanned(repo);
  const result = await client.call('spec_stage', args);
  expect(result.isError).toBe(true);
  expect(result.text).toMatch(message);
});
