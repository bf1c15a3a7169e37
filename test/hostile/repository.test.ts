import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { STAGES } from '../../schemas/ids.js';
import { tools } from '../../tools/index.js';
import { plantPrograms, plantPromise, plantUnspeakableFilter } from '../support/hostile-repository.js';
import { SPEC_ID, writeFullPacket } from '../support/packet.js';
import { test } from '../support/served.js';

/** What makes a tool ask git for as much as it can; a tool that is not here is called with the spec alone. */
const calls: Readonly<Record<string, readonly object[]>> = {
  run_guardrail: STAGES.map(stage => ({ specId: SPEC_ID, stage })),
  hal_smoke: [{ specId: SPEC_ID }],
  lint_tasks: [{}, { specId: SPEC_ID }, { profile: 'origin' }],
  write_evidence: [{ specId: SPEC_ID, name: 'note.txt', content: 'x' }],
  spec_status: [{}, { specId: SPEC_ID }],
  new_spec: [{ title: 'A thing' }],
  update_task: [{ taskId: 'T1', note: 'x' }],
  spec_plan: [{ specId: SPEC_ID }],
  spec_stage: [{ specId: SPEC_ID, stage: 'tasks' }],
  verify_evidence: [{ specId: SPEC_ID }, {}],
};

test('the planted programs do run for those who do not look: git status and git diff', ({ repo }) => {
  writeFullPacket(repo);
  const canary = plantPrograms(repo);
  for (const command of ['status', 'diff']) {
    canary.reset();
    execFileSync('git', [command], { cwd: repo.root, stdio: 'ignore' });
    expect([command, canary.hasRun()]).toEqual([command, true]);
  }
});

test.for(tools.map(({ name }) => name))('%s runs no planted program', async (name, { repo, client }) => {
  writeFullPacket(repo);
  const canary = plantPrograms(repo);
  for (const args of calls[name] ?? [{ specId: SPEC_ID }]) {
    const { isError, text } = await client.call(name, { ...args });
    expect([isError && name in calls, text]).toEqual([false, expect.any(String)]);
    expect([args, canary.hasRun()]).toEqual([args, false]);
  }
});

test('resources run no planted program', async ({ repo, client }) => {
  writeFullPacket(repo);
  const canary = plantPrograms(repo);
  for (const uri of ['spec-kit://tracker', 'spec-kit://specs', `spec-kit://specs/${SPEC_ID}`])
    expect(await client.read(uri)).not.toBe('');
  expect(canary.hasRun()).toBe(false);
});

test.for([
  ['a filter that cannot be turned off', plantUnspeakableFilter],
  ['a partial clone that fetches by a program', plantPromise],
] as const)('%s: git is not asked, and nothing runs', async ([, plant], { repo, client }) => {
  writeFullPacket(repo);
  const canary = plant(repo);
  const { isError, text } = await client.call('run_guardrail', { specId: SPEC_ID, stage: 'plan' });
  // git may also answer that it finds no commit, which is no pass either.
  expect(isError ? text : JSON.parse(text).outcome).toMatch(/GIT_UNAVAILABLE|^failed$/);
  expect(canary.hasRun()).toBe(false);
});
