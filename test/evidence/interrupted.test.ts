import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { archiveBundles } from '../../src/evidence/archive.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { restoreBundles } from '../../src/evidence/restore.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { PROGRAM } from '../support/cli.js';
import { withFault } from '../support/faults.js';
import { openTest, type Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';
import { bundleOf, DEFAULT_ROOT, guardrailBundle, quiet, SPEC } from './fixtures.js';

const BEFORE = new Date('2026-10-22T10:00:00Z').getTime();
/** More than any of these makes; a call that is never reached ends the sweep. */
const MOST = 200;
const canTrace = spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', 'true']).status === 0;

/** Two old bundles that an archive takes, and one that it leaves. */
function fill(repo: Repository): void {
  const then = openTest(repo.root, {}, new Date('2026-09-22T10:00:00Z'));
  const at = then.now().toISOString();
  for (const bundle of [
    guardrailBundle(then, 'failed', 'failed'),
    bundleOf(then, { 'note.txt': 'old\n', 'big.txt': 'x'.repeat(70_000) }),
    guardrailBundle(then),
  ])
    publishBundle(then, DEFAULT_ROOT, { ...bundle, startedAt: at, endedAt: at });
}

function tree(repo: Repository): Readonly<Record<string, string>> {
  const root = path.join(repo.root, DEFAULT_ROOT);
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    name => !name.startsWith('.staging') && path.extname(name) !== '',
  );
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(path.join(root, name)))
      .digest('hex');
  return Object.fromEntries(names.sort().map(name => [name, digest(name)]));
}

const verify = (repo: Repository) =>
  verifyEvidence(openTest(repo.root), DEFAULT_ROOT, { specId: SPEC }, quiet);

/** `act` dies at each of its changes to the disk in turn, and is then done again. */
async function dyingAnywhere(repo: Repository, act: () => void): Promise<number> {
  const root = path.join(repo.root, DEFAULT_ROOT);
  const kept = path.join(repo.root, '.git/kept');
  const reset = () => {
    rmSync(root, { recursive: true });
    cpSync(kept, root, { recursive: true });
  };
  cpSync(root, kept, { recursive: true });
  const { counts } = await verify(repo);
  act();
  const done = tree(repo);
  for (let n = 1; n < MOST; n++) {
    reset();
    const { hit, call } = await withFault(repo.root, 'death', n, act);
    if (!hit) return n - 1;
    const after = await verify(repo);
    expect(after, `${call} ${n}`).toMatchObject({ outcome: 'ok', findings: [], counts });
    act();
    expect(tree(repo), `${call} ${n}`).toEqual(done);
  }
  throw new Error('The sweep never ended.');
}

test('an archive that dies anywhere loses nothing, and goes on when it is asked for again', async ({
  repo,
}) => {
  fill(repo);
  const archive = () => void archiveBundles(openTest(repo.root), DEFAULT_ROOT, SPEC, BEFORE, true);
  expect(await dyingAnywhere(repo, archive)).toBeGreaterThan(15);
});

test('a restore that dies anywhere loses nothing, and goes on when it is asked for again', async ({
  repo,
}) => {
  fill(repo);
  archiveBundles(openTest(repo.root), DEFAULT_ROOT, SPEC, BEFORE, true);
  const restore = () => {
    const folder = path.join(repo.root, DEFAULT_ROOT, 'archive', SPEC);
    // The last thing it does is to remove the archive: with none there, there is nothing to restore.
    if (readdirSync(folder).length > 0)
      restoreBundles(openTest(repo.root), DEFAULT_ROOT, SPEC, undefined, true);
  };
  expect(await dyingAnywhere(repo, restore)).toBeGreaterThan(15);
});

/** The program, killed by the system when it makes the n-th of these calls. */
function killedAt(repo: Repository, call: string, n: number, args: readonly string[]) {
  const trace = [
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${call}:signal=KILL:when=${n}`,
  ];
  return spawnSync('strace', [...trace, process.execPath, PROGRAM, ...args], {
    cwd: repo.root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: path.join(repo.root, '.git') },
  }).status;
}

test.skipIf(!canTrace)(
  'a rebase that is killed anywhere goes on, and both sides are on one chain in the end',
  { timeout: 60_000 },
  async ({ repo, workspace }) => {
    publishBundle(workspace, DEFAULT_ROOT, bundleOf(workspace, { 'note.txt': 'one' }));
    repo.commit('before');
    repo.git('checkout', '-q', '-b', 'other');
    for (const text of ['theirs', 'theirs, too'])
      publishBundle(workspace, DEFAULT_ROOT, bundleOf(workspace, { 'note.txt': text }));
    repo.commit('theirs');
    repo.git('checkout', '-q', 'main');
    for (const text of ['ours', 'ours, too'])
      publishBundle(workspace, DEFAULT_ROOT, bundleOf(workspace, { 'note.txt': text }));
    repo.commit('ours');
    expect(() => repo.git('merge', '-q', 'other')).toThrowError();
    let kills = 0;
    for (const [call, n] of [
      ['rename', 1],
      ['link', 1],
      ['rename', 1],
      ['fsync', 3],
      ['link', 2],
      ['unlink', 2],
    ] as const)
      if (killedAt(repo, call, n, ['evidence', 'rebase']) !== 0) kills++;
    expect(kills).toBeGreaterThan(2);
    expect(killedAt(repo, 'rename', 999, ['evidence', 'rebase'])).toBe(0);
    expect(await verify(repo)).toMatchObject({ outcome: 'ok', findings: [], counts: { records: 5 } });
  },
);

test.skipIf(!canTrace)(
  'an export that is killed leaves no half of it, and can be made again',
  async ({ repo }) => {
    fill(repo);
    repo.commit();
    const file = path.join(repo.root, '.git/out.tar');
    const args = ['evidence', 'export', SPEC, '--bundle', file];
    for (const call of ['fsync', 'link']) {
      expect(killedAt(repo, call, 1, args), call).not.toBe(0);
      expect(existsSync(file), call).toBe(false);
    }
    expect(killedAt(repo, 'fsync', 999, args)).toBe(0);
    expect(killedAt(repo, 'fsync', 999, ['verify', '--bundle', file])).toBe(0);
    expect(killedAt(repo, 'fsync', 999, args)).toBe(4);
  },
);
