import { createHash } from 'node:crypto';
import path from 'node:path';
import { expect } from 'vitest';
import { writePacket } from '../support/packet.js';
import { node, plan, settings, statusOf } from '../support/plan.js';
import { test } from '../support/workspace.js';

test('a clean repository with a packet and a row passes, and says that no commands are configured', async ({
  repo,
}) => {
  writePacket(repo);
  const { report, telemetry } = await plan(repo);
  expect(report.outcome).toBe('passed');
  expect(statusOf(report, 'baseline')).toBe('not_run');
  expect(telemetry.baseline).toMatchObject({ mode: 'no-run', status: 'skipped' });
  expect(telemetry.hooks).toEqual({ 'session.start': 'skipped' });
  expect(telemetry.git.commit).toBe(repo.git('rev-parse', 'HEAD').trim());
  for (const { path: file, digest } of telemetry.artifacts)
    expect(createHash('sha256').update(repo.read(file)).digest('hex')).toBe(digest);
});

test('an untracked file fails the clean-tree check and is named', async ({ repo }) => {
  writePacket(repo);
  repo.write('stray.txt', 'x');
  const { report } = await plan(repo);
  expect(report.outcome).toBe('failed');
  expect(report.checks.find(({ name }) => name === 'clean-tree')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('stray.txt'),
  });
});

test('the evidence of a run does not make the next run dirty, and anything beside it does', async ({
  repo,
}) => {
  writePacket(repo);
  const { report } = await plan(repo);
  expect((await plan(repo)).report.outcome).toBe('passed');
  repo.write(`${path.dirname(report.telemetry)}/smuggled.json`, '{}');
  const third = await plan(repo);
  expect(third.report.checks.find(({ name }) => name === 'clean-tree')?.message).toContain('smuggled.json');
});

test('an operator may allow a dirty tree, which is a waiver and not a pass of the check', async ({
  repo,
}) => {
  writePacket(repo);
  repo.write('stray.txt', 'x');
  const { report, telemetry } = await plan(repo, { allowDirty: true });
  expect(report.outcome).toBe('passed');
  expect(statusOf(report, 'clean-tree')).toBe('waived');
  expect(report.waivers).toEqual([
    expect.objectContaining({ check: 'clean-tree', by: 'SPEC_OPS_ALLOW_DIRTY' }),
  ]);
  expect(telemetry.git.dirty).toBe(true);
});

test('a packet that misses a section fails, with the file and line', async ({ repo }) => {
  writePacket(repo);
  repo.write('docs/SPEC-KIT-DEMO/spec.md', '# Spec: demo\n\n## Context\n');
  repo.commit();
  const { report } = await plan(repo);
  expect(report.checks.find(({ name }) => name === 'packet-documents')).toMatchObject({
    status: 'failed',
    message: expect.stringMatching(/spec\.md:\d+: .*## Objectives/),
  });
});

test('a spec without a tracker row fails, and so does a tracker that is missing', async ({ repo }) => {
  writePacket(repo);
  repo.write('SPEC.md', repo.read('SPEC.md').replaceAll('docs/SPEC-KIT-DEMO/spec.md', ''));
  repo.commit();
  expect(statusOf((await plan(repo)).report, 'tracker-row')).toBe('failed');
  repo.git('rm', '-q', 'SPEC.md');
  repo.commit();
  expect(statusOf((await plan(repo)).report, 'tracker-row')).toBe('failed');
});

test('tells what it is doing, check by check', async ({ repo }) => {
  writePacket(repo, settings(node('0')));
  const { steps } = await plan(repo);
  expect(steps).toEqual([
    'policy-prefilter',
    'clean-tree',
    'packet-documents',
    'tracker-row',
    'session-hook',
    'baseline:build',
    'policy-final',
    'recording the evidence',
  ]);
});
