import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { publishBundle } from '../../src/evidence/publish.js';
import { runCli } from '../support/cli.js';
import { test as base } from '../support/workspace.js';
import {
  bundleOf,
  consensusBundle,
  DEFAULT_ROOT,
  guardrailBundle,
  ROOT,
  recordStage,
  SPEC,
} from './fixtures.js';
import { flipped } from './recorded.js';

/** Evidence of every kind, and a folder that is in no repository. */
const test = base.extend<{ elsewhere: string; head: string }>({
  elsewhere: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spec-kit-elsewhere-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  head: async ({ repo, workspace }, use) => {
    repo.write('README.md', 'x\n');
    repo.commit();
    const bundles = [
      bundleOf(workspace, { 'note.txt': 'x\n' }),
      guardrailBundle(workspace),
      consensusBundle(workspace, 'ok'),
    ];
    for (const bundle of bundles) publishBundle(workspace, DEFAULT_ROOT, bundle);
    repo.commit('evidence');
    const { stdout } = await runCli(repo.root, ['evidence', 'anchor', SPEC]);
    await use(stdout.trim().replace('Evidence-Head: ', ''));
  },
});

describe('an exported bundle', () => {
  test('verifies where there is no repository, with its anchor', async ({ repo, elsewhere, head }) => {
    const file = path.join(elsewhere, 'out.tar');
    repo.write(`${DEFAULT_ROOT}/commands/${SPEC}/spec-plan_2025-09-29T14:54:20Z-20962766.json`, '{}');
    const made = await runCli(repo.root, ['evidence', 'export', SPEC, '--bundle', file]);
    expect(made).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/ \d+ files, .* of SPEC-A-1\.\n1 files of other origin are not in it/),
    });
    expect((await runCli(repo.root, ['evidence', 'export', SPEC, '--bundle', file])).exitCode).toBe(4);
    const verified = await runCli(elsewhere, ['verify', '--bundle', 'out.tar', '--expect-head', head]);
    expect(verified).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Anchor SPEC-A-1@3 was used[\s\S]*3 records and \d+ files verify/),
    });
    expect((await runCli(elsewhere, ['verify', '--bundle', 'out.tar'])).stdout).toMatch(
      /^No anchor was used/,
    );
    expect(readdirSync(tmpdir()).filter(name => name.startsWith('spec-kit-bundle-'))).toEqual([]);
  });

  test('is not believed with any byte changed', { timeout: 60_000 }, async ({ repo, elsewhere, head: _ }) => {
    const file = path.join(elsewhere, 'out.tar');
    await runCli(repo.root, ['evidence', 'export', '--bundle', file]);
    const tar = readFileSync(file);
    const step = Math.floor(tar.length / 12);
    for (let at = 5; at < tar.length; at += step) {
      writeFileSync(file, flipped(tar, at));
      expect(
        (await runCli(elsewhere, ['verify', SPEC, '--bundle', 'out.tar'])).exitCode,
        `byte ${at}`,
      ).not.toBe(0);
    }
    writeFileSync(file, 'no tar');
    expect((await runCli(elsewhere, ['verify', '--bundle', 'out.tar'])).exitCode).toBe(4);
    expect((await runCli(elsewhere, ['verify', '--bundle', 'none.tar'])).exitCode).toBe(4);
  });

  test('is asked for in one way, of a spec that has evidence', async ({ repo, elsewhere, head: _ }) => {
    const file = path.join(elsewhere, 'out.tar');
    for (const args of [
      [SPEC],
      [SPEC, '--bundle', file, '--as', 'vsa'],
      ['SPEC-NONE-1', '--bundle', file],
      [SPEC, '--as', 'x'],
    ])
      expect((await runCli(repo.root, ['evidence', 'export', ...args])).exitCode).toBe(4);
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

test('a ZIP download and a shallow clone verify, too', async ({ repo, elsewhere, head }) => {
  const zip = path.join(elsewhere, 'zip');
  mkdirSync(zip);
  repo.git('archive', '--format=tar', '-o', path.join(elsewhere, 'x.tar'), 'HEAD');
  execFileSync('tar', ['xf', '../x.tar'], { cwd: zip });
  const args = ['verify', SPEC, '--expect-head', head];
  expect(await runCli(zip, args)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/3 records and \d+ files verify/),
  });
  repo.git('clone', '-q', '--depth', '1', `file://${repo.root}`, path.join(elsewhere, 'shallow'));
  expect((await runCli(path.join(elsewhere, 'shallow'), args)).exitCode).toBe(0);
  expect((await runCli(zip, ['evidence', 'write', SPEC, 'n.md', '--from', 'README.md'])).exitCode).toBe(4);
});

test('a download says what cannot be looked up in it, and verifies as a repository of its own', async ({
  repo,
  workspace,
  elsewhere,
}) => {
  repo.write('spec-kit.toml', `[workspace]\nevidence_root = "${ROOT}"\n`);
  recordStage(workspace, 'plan', 'passed', 'passed');
  repo.commit();
  const zip = path.join(elsewhere, 'zip');
  mkdirSync(zip);
  repo.git('archive', '--format=tar', '-o', path.join(elsewhere, 'x.tar'), 'HEAD');
  execFileSync('tar', ['xf', '../x.tar'], { cwd: zip });
  for (const args of [
    ['verify', SPEC],
    ['report', SPEC],
  ])
    expect(await runCli(zip, args)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('git does not answer here'),
    });
  expect(await runCli(zip, ['verify', '--current'])).toMatchObject({
    exitCode: 4,
    stderr: expect.stringMatching(/no commit to compare .* in a clone/),
  });
  execFileSync('git', ['init', '-q'], { cwd: zip });
  const own = await runCli(zip, ['verify', SPEC]);
  expect(own).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('source-unknown') });
  expect(own.stdout).not.toContain('git does not answer');
});

test('in a repository without evidence nothing verifies, and the answer says where it looked', async ({
  repo,
}) => {
  for (const args of [['verify'], ['verify', '--all']])
    expect(await runCli(repo.root, args)).toMatchObject({
      exitCode: 2,
      stdout: expect.stringMatching(
        /No evidence is recorded under .* nothing was verified\. Check the folder/,
      ),
    });
});
