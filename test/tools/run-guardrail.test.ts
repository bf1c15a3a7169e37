import { expect } from 'vitest';
import { GuardrailReport } from '../../schemas/guardrail.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { test } from '../support/served.js';

const args = { specId: SPEC_ID, stage: 'plan' };

test('a passed run names its evidence, which can be read back as a resource', async ({ repo, client }) => {
  writePacket(repo);
  const result = await client.call('run_guardrail', args);
  const report = GuardrailReport.parse(result.structured);
  expect(result.isError).toBe(false);
  expect(report.outcome).toBe('passed');
  expect(JSON.parse(result.text)).toEqual(result.structured);
  expect(report.next).toEqual({ tool: 'run_guardrail', arguments: { specId: SPEC_ID, stage: 'tasks' } });
  expect(JSON.parse(await client.read(report.resource))).toMatchObject({
    predicate: { specId: SPEC_ID, outcome: 'passed', attestedBy: 'server' },
  });
});

test('a dirty tree is a failed check and no error', async ({ repo, client }) => {
  writePacket(repo);
  repo.write('stray.txt', 'x');
  const result = await client.call('run_guardrail', args);
  expect(result.isError).toBe(false);
  expect(result.structured).toMatchObject({
    outcome: 'failed',
    checks: expect.arrayContaining([expect.objectContaining({ name: 'clean-tree', status: 'failed' })]),
    next: { tool: 'run_guardrail', arguments: args },
  });
});

test.for([
  ['an unknown spec', { ...args, specId: 'SPEC-KIT-404' }, /no packet for SPEC-KIT-404/],
  ['a stage that does not exist', { ...args, stage: 'deploy' }, /stage/],
  ['an argument it does not have', { ...args, allowDirty: true }, /allowDirty/],
  ['an order to take over', { ...args, stage: 'implement', takeOver: true }, /takeOver/],
  ['an order to force', { ...args, stage: 'unlock', force: true, reason: 'x' }, /force/],
  ['a wrong type', { ...args, specId: 7 }, /specId/],
  ['an id that climbs', { ...args, specId: '../../etc' }, /spec id/],
  ['an id with quotes', { ...args, specId: 'SPEC-"A"' }, /spec id/],
  ['an id with a newline', { ...args, specId: 'SPEC-A\n' }, /spec id/],
  ['an id with a NUL', { ...args, specId: 'SPEC-A\0' }, /spec id/],
  ['an id of 5,000 characters', { ...args, specId: `SPEC-${'A'.repeat(5000)}` }, /64/],
  ['a mode that does not exist', { ...args, baselineMode: 'fast' }, /baselineMode/],
  ['a workspace that was not allowed', { ...args, workspace: '/etc' }, /WORKSPACE_NOT_ALLOWED/],
] as const)(
  '%s is refused with its reason, and nothing is written',
  async ([, wrong, says], { repo, client }) => {
    writePacket(repo);
    const result = await client.call('run_guardrail', wrong);
    expect(result.isError).toBe(true);
    expect(result.structured).toBeUndefined();
    expect(result.text).toMatch(says);
    expect(repo.git('status', '--porcelain')).toBe('');
  },
);

test('the result stays small enough for a model to read', async ({ repo, client }) => {
  writePacket(repo);
  for (let i = 0; i < 60; i++) repo.write(`stray-${i}-${'x'.repeat(80)}.txt`, 'x');
  const { text } = await client.call('run_guardrail', args);
  expect(Buffer.byteLength(text)).toBeLessThan(4096);
});
