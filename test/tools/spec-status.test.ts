import { expect } from 'vitest';
import { SpecStatusReport } from '../../schemas/status.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { test } from '../support/served.js';

test('shows every spec in a line and where to go on', async ({ repo, client }) => {
  writePacket(repo);
  repo.write('docs/SPEC-KIT-002-other/plan.md', '# Plan');
  const report = SpecStatusReport.parse((await client.call('spec_status')).structured);
  expect(report.specs).toEqual([
    {
      specId: 'SPEC-KIT-002',
      packet: 'docs/SPEC-KIT-002-other',
      missing: ['spec.md', 'tasks.md'],
      task: null,
      lastStage: null,
    },
    {
      specId: SPEC_ID,
      packet: 'docs/SPEC-KIT-DEMO',
      missing: ['plan.md', 'tasks.md'],
      task: 'T1 In Progress',
      lastStage: null,
    },
  ]);
});

test('shows one spec: documents, rows, and a stage whose outcome is recomputed from its evidence', async ({
  repo,
  client,
}) => {
  writePacket(repo);
  await client.call('run_guardrail', { specId: SPEC_ID, stage: 'plan' });
  const report = SpecStatusReport.parse((await client.call('spec_status', { specId: SPEC_ID })).structured);
  expect(report.stages).toEqual([expect.objectContaining({ stage: 'plan', outcome: 'passed' })]);
  expect(report.tasks).toEqual([expect.objectContaining({ taskId: 'T1', status: 'In Progress', line: 5 })]);
  expect(report.documents?.filter(({ present }) => present).map(({ name }) => name)).toEqual(['spec.md']);
  expect(report.evidence?.bundles).toBe(1);
  expect(report.next).toEqual({ tool: 'run_guardrail', arguments: { specId: SPEC_ID, stage: 'tasks' } });
});

test('a telemetry file that was edited to say passed does not count', async ({ repo, client }) => {
  writePacket(repo);
  repo.write('stray.txt', 'x');
  const run = await client.call('run_guardrail', { specId: SPEC_ID, stage: 'plan' });
  const { telemetry } = SpecStatusReport.loose().parse(run.structured);
  const path = String(telemetry);
  repo.write(path, repo.read(path).replaceAll('"failed"', '"passed"'));
  const report = SpecStatusReport.parse((await client.call('spec_status', { specId: SPEC_ID })).structured);
  expect(report.stages).toEqual([expect.objectContaining({ stage: 'plan', outcome: 'incomplete' })]);
});

test('works before there is a tracker or a packet', async ({ client }) => {
  const report = SpecStatusReport.parse((await client.call('spec_status')).structured);
  expect(report).toMatchObject({ specs: [], next: null });
});

test('reads only: the work tree is as it was', async ({ repo, client }) => {
  writePacket(repo);
  await client.call('spec_status');
  await client.call('spec_status', { specId: SPEC_ID });
  expect(repo.git('status', '--porcelain', '--ignored')).toBe('');
});
