import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { SPEC_ID, TRACKER, writePacket } from '../support/packet.js';
import { test as base } from '../support/served.js';

const test = base.extend<{ outside: string }>({
  outside: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spec-kit-outside-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
});

const trackers: [name: string, bytes: string | Buffer, says: RegExp][] = [
  ['empty', '', /no-table|no task table/i],
  ['binary', Buffer.from([0, 1, 2, 255, 254]), /NOT_TEXT/],
  ['not UTF-8', Buffer.concat([Buffer.from(TRACKER), Buffer.from([0xc3, 0x28])]), /NOT_TEXT/],
  ['of 40 MB', Buffer.alloc(40 * 1024 * 1024, 'x\n'), /LIMIT_EXCEEDED/],
  ['one line of 1 MB', `| ${'x'.repeat(1 << 20)} |`, /LIMIT_EXCEEDED/],
  ['20,000 columns', `${'|a'.repeat(20_000)}|\n${'|-'.repeat(20_000)}|\n`, /LIMIT_EXCEEDED|no-table/],
  ['emphasis without end', '*a_'.repeat(20_000), /no-table|no task table/i],
  ['a long delimiter row', `| a |\n| ${'-'.repeat(28)}x |\n`, /no-table|no task table/i],
];

test.for(trackers)(
  'a tracker that is %s gives a clear answer, and the server lives on',
  async ([, bytes, says], { repo, client }) => {
    writePacket(repo);
    repo.write('SPEC.md', bytes);
    const lint = await client.call('lint_tasks', { limit: 50 });
    expect(lint.text).toMatch(says);
    const update = await client.call('update_task', { taskId: 'T1', note: 'n' });
    expect(update.isError).toBe(true);
    expect((await client.call('run_guardrail', { specId: SPEC_ID, stage: 'plan' })).structured).toMatchObject(
      {
        outcome: 'failed',
      },
    );
    expect((await client.tools()).length).toBeGreaterThan(0);
  },
);

test('a missing tracker is an answer, too', async ({ repo, client }) => {
  writePacket(repo);
  repo.git('rm', '-q', 'SPEC.md');
  repo.commit();
  for (const [name, args] of [
    ['lint_tasks', {}],
    ['update_task', { taskId: 'T1', note: 'n' }],
  ] as const) {
    const result = await client.call(name, args);
    expect(result.isError).toBe(true);
    expect(result.text).toMatch(/SPEC\.md does not exist.*\(NOT_FOUND\)/);
  }
  expect((await client.call('spec_status')).isError).toBe(false);
});

test('a packet that is a link to the outside is refused, and nothing outside is read', async ({
  repo,
  client,
  outside,
}) => {
  writePacket(repo);
  symlinkSync(outside, path.join(repo.root, 'docs/SPEC-OUT-1'));
  for (const name of ['run_guardrail', 'spec_status'] as const) {
    const result = await client.call(name, {
      specId: 'SPEC-OUT-1',
      ...(name === 'run_guardrail' ? { stage: 'plan' } : {}),
    });
    expect(result.text).toMatch(/outside the workspace/);
  }
});

test('an evidence folder that is a link to the outside is refused, and nothing is written there', async ({
  repo,
  client,
  outside,
}) => {
  writePacket(repo);
  mkdirSync(path.join(repo.root, 'docs/SPEC-OPS-004-integrated-coder-hooks'), { recursive: true });
  symlinkSync(outside, path.join(repo.root, 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence'));
  repo.commit();
  for (const [name, args] of [
    ['run_guardrail', { specId: SPEC_ID, stage: 'plan' }],
    ['write_evidence', { specId: SPEC_ID, name: 'n.md', content: 'x' }],
  ] as const) {
    const result = await client.call(name, args);
    expect(result.isError).toBe(true);
    expect(result.text).toMatch(/outside the workspace/);
  }
  expect(readdirSync(outside)).toEqual([]);
});

test('evidence that cannot be written makes the run an error, not a pass', async ({ repo, client }) => {
  writePacket(repo);
  repo.write('docs/SPEC-OPS-004-integrated-coder-hooks/evidence', 'a file where the folder should be');
  repo.commit();
  const result = await client.call('run_guardrail', { specId: SPEC_ID, stage: 'plan' });
  expect(result.isError).toBe(true);
  expect(result.text).toMatch(/EVIDENCE_WRITE_FAILED|FILE_UNAVAILABLE/);
});

test('a broken spec-kit.toml stops each tool that needs it, and the next good one is read at once', async ({
  repo,
  client,
}) => {
  writePacket(repo, '[commands.build\n');
  expect((await client.call('lint_tasks')).text).toMatch(/spec-kit\.toml: line 1/);
  repo.write('spec-kit.toml', '');
  expect((await client.call('lint_tasks')).isError).toBe(false);
});
