import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { newSpec } from '../../src/intake/new-spec.js';
import { readTitle, slugOf } from '../../src/intake/title.js';
import { lintTasks } from '../../src/lint/lint-tasks.js';
import { findPacket } from '../../src/packet/find.js';
import { appendRow } from '../../src/tracker/append.js';
import { listTaskIds } from '../../src/tracker/rows.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { TRACKER, writePacket } from '../support/packet.js';
import { test } from '../support/served.js';

const script = path.join(import.meta.dirname, '../../dist/test/support/spec-maker.js');
const live = new AbortController().signal;
const make = (workspace: Workspace, title: string, more: object = {}) =>
  newSpec(workspace, { title, dryRun: false, ...more }, live);
const lint = (workspace: Workspace, specId: string) =>
  lintTasks(workspace, { specId, profile: 'strict', limit: 50 });

test('makes a packet and a row that lint has nothing against, in a repository that has no tracker', async ({
  client,
  repo,
  workspace,
}) => {
  const { structured } = await client.call('new_spec', {
    title: 'Search by director',
    description: 'People ask.',
  });
  expect(structured).toMatchObject({
    specId: 'SPEC-KIT-001',
    packet: 'docs/SPEC-KIT-001-search-by-director',
    next: { tool: 'run_guardrail' },
  });
  expect(repo.read('docs/SPEC-KIT-001-search-by-director/spec.md')).toContain('> People ask.');
  expect(await lint(workspace, 'SPEC-KIT-001')).toMatchObject({ counts: { error: 0, warning: 0 } });
});

test('appends the row in the columns and line ends of the table, and keeps every other byte', async ({
  repo,
  workspace,
}) => {
  const before =
    '# T\r\n\r\n- list\r\n\r\n  | # | Ticket | Extra | State |\r\n  |--|:-:|--|--|\r\n  | 7 | X-1 | e | Done |\r\n\r\nafter';
  repo.write('SPEC.md', before);
  const { tracker } = await make(workspace, 'a | pipe \\');
  expect(tracker).toMatchObject({ line: 8, row: '| 8 | SPEC-KIT-001 |  | Backlog |' });
  expect(repo.read('SPEC.md')).toBe(before.replace('Done |\r\n', `Done |\r\n  ${tracker.row}\r\n`));
});

test('never gives an id again: packets, rows, evidence, branches and removed packets count', async ({
  repo,
  workspace,
}) => {
  writePacket(repo);
  repo.git('branch', 'feat/SPEC-KIT-004-branch');
  repo.write('docs/SPEC-KIT-002-old/spec.md', '# Spec');
  expect((await make(workspace, 'one')).specId).toBe('SPEC-KIT-005');
  repo.write('docs/SPEC-OPS-004-integrated-coder-hooks/evidence/ledger/SPEC-KIT-009/00000001.json', '{}');
  const made = await make(workspace, 'two');
  expect(made.specId).toBe('SPEC-KIT-010');
  workspace.files.remove(made.packet);
  repo.write('SPEC.md', TRACKER);
  expect((await make(workspace, 'three')).specId).toBe('SPEC-KIT-011');
  expect((await make(workspace, 'four', { area: 'auth' })).specId).toBe('SPEC-AUTH-001');
});

test('the folder of the evidence gives no area to a fresh repository', async ({ repo, workspace }) => {
  repo.write('docs/SPEC-OPS-004-integrated-coder-hooks/evidence/.gitattributes', '');
  expect((await make(workspace, 'one')).specId).toBe('SPEC-KIT-001');
  expect((await make(workspace, 'two', { area: 'OPS' })).specId).toBe('SPEC-OPS-005');
});

test('a dry run writes nothing and says what would be', async ({ repo, workspace }) => {
  writePacket(repo);
  const shown = await make(workspace, 'Search', { dryRun: true });
  expect(shown.next).toEqual({ tool: 'new_spec', arguments: { title: 'Search' } });
  expect((await make(workspace, 'Search '.repeat(300), { dryRun: true })).next).toBeNull();
  expect(repo.git('status', '--porcelain')).toBe('');
  expect(await make(workspace, 'Search')).toMatchObject({
    specId: shown.specId,
    created: shown.created,
    tracker: shown.tracker,
  });
});

test.for([
  ['10,000 characters', 'word '.repeat(2000)],
  ['10,000 characters without a blank', 'é'.repeat(10_000)],
  ['emoji', '👩‍👩‍👧 🚀'],
  ['right to left, with an override', 'بحث \u202eعن المخرج'],
  ['path separators', '../../etc/passwd and C:\\temp\\x'],
  ['digits first', '2025 plan'],
  ['Markdown and HTML', '<!-- `x` | **b** ``` [l](m) \\'],
  ['line breaks', '# Spec\n\n## Context\r\n| a |'],
] as const)('a title of %s makes a whole packet and one row', async ([, title], { repo, workspace }) => {
  writePacket(repo);
  const { specId, packet, created } = await make(workspace, title);
  expect(findPacket(workspace, 'docs', specId).directory).toBe(packet);
  expect(created.every(file => existsSync(path.join(repo.root, file)))).toBe(true);
  expect(await lint(workspace, specId)).toMatchObject({ counts: { error: 0 } });
  expect(listTaskIds(workspace, 'SPEC.md')).toEqual(['T1', 'T2', specId]);
});

test.for(['', '...', '—|/\\', '\u202e\u200b'])(
  'a title that names nothing is refused: %j',
  async (title, { repo, workspace }) => {
    repo.commit('empty');
    await expect(make(workspace, title)).rejects.toThrow(/title/);
    expect(repo.git('status', '--porcelain')).toBe('');
  },
);

test('any title has a one-line short form and a slug that the packet rule reads back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), raw => {
      try {
        expect(readTitle(raw).short).toMatch(/^\S(.{0,121}\S)?$/u);
      } catch (error) {
        expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
      }
      expect(slugOf(raw)).toMatch(/^([a-z][a-z0-9-]{0,39})?$/);
    }),
  );
});

test('any cell text is read back, or the row is refused', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), raw => {
      const title = raw.replace(/[\p{C}\s]/gu, '');
      const { bytes } = appendRow(Buffer.from(TRACKER), { id: 'SPEC-A-1', title });
      expect(bytes.toString().split('\n')).toHaveLength(TRACKER.split('\n').length + 1);
    }),
  );
});

test('templates of the workspace are used, and one that lint would refuse is named', async ({
  repo,
  workspace,
}) => {
  writePacket(repo);
  repo.write('templates/spec-kit/spec.md', '# Spec ours: ${SPEC_ID}\n\n## Context\n\n## Objectives\n');
  const { packet } = await make(workspace, 'one');
  expect(repo.read(`${packet}/spec.md`)).toContain('# Spec ours: SPEC-KIT-001');
  repo.write('templates/spec-kit/plan.md', '# Plan\n');
  await expect(make(workspace, 'two')).rejects.toThrow('templates/spec-kit/plan.md');
  repo.write('templates/spec-kit/plan.md', '${NOPE}');
  await expect(make(workspace, 'two')).rejects.toThrow('${NOPE}');
});

test('a tracker in which a row cannot stand leaves nothing behind', async ({ repo, workspace }) => {
  repo.write('SPEC.md', '# T\n\n```\nnever closed\n');
  repo.commit('tracker');
  await expect(make(workspace, 'one')).rejects.toMatchObject({ code: 'REFUSED' });
  expect(repo.git('status', '--porcelain', '-uall').trim().split('\n')).toEqual([
    expect.stringMatching(/\.gitattributes$/),
  ]);
});

test('20 calls in 4 processes at once: 20 ids, 20 packets, 20 rows, no edit lost', {
  timeout: 60_000,
}, async ({ repo, workspace }) => {
  writePacket(repo);
  const makers = ['a', 'b', 'c', 'd'].map(
    name =>
      new Promise<string[]>((resolve, reject) => {
        const child = fork(script, [repo.root, '5', name], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
        child.on('message', (ids: string[]) => resolve(ids));
        child.on('exit', code => reject(new Error(`ended with ${code}`)));
      }),
  );
  const ids = (await Promise.all(makers)).flat().sort();
  expect(new Set(ids).size).toBe(20);
  expect(listTaskIds(workspace, 'SPEC.md').toSorted()).toEqual(['T1', 'T2', ...ids].toSorted());
  for (const id of ids) expect(findPacket(workspace, 'docs', id).specId).toBe(id);
  expect(repo.read('SPEC.md').startsWith(TRACKER.trimEnd())).toBe(true);
});
