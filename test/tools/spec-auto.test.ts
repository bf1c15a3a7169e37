import { expect } from 'vitest';
import { AutoReport } from '../../schemas/auto.js';
import { writePipeline } from '../support/auto.js';
import { SPEC_ID } from '../support/packet.js';
import { test } from '../support/served.js';

test('a command that nobody trusted halts the run at plan, with the reason and the call that resumes', async ({
  client,
  repo,
}) => {
  writePipeline(repo);
  const { structured, text } = await client.call('spec_auto', { specId: SPEC_ID, skipConsensus: true });
  const report = AutoReport.parse(structured);
  expect(report).toMatchObject({
    outcome: 'incomplete',
    halt: { stage: 'plan', code: 'GUARDRAIL_INCOMPLETE' },
  });
  expect(report.halt?.findings[0]?.message).toMatch(/trust/);
  expect(report.next).toEqual({ tool: 'spec_auto', arguments: { specId: SPEC_ID, resume: report.runId } });
  expect(text.length).toBeLessThanOrEqual(4096);
  const status = await client.call('spec_status', { runId: report.runId });
  expect(status.structured).toMatchObject({ status: 'done', result: { halt: { stage: 'plan' } } });
});

test('an unknown stage, and a stage without what comes before it, are refused', async ({ client, repo }) => {
  writePipeline(repo);
  const unknown = await client.call('spec_auto', { specId: SPEC_ID, from: 'deploy' });
  expect(unknown).toMatchObject({ isError: true, text: expect.stringMatching(/validate/) });
  const early = await client.call('spec_auto', { specId: SPEC_ID, from: 'audit' });
  expect(early).toMatchObject({ isError: true, text: expect.stringMatching(/builds on the plan stage/) });
});
