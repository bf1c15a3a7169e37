import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { createGit } from '../../src/ports/git.js';
import { openTest } from '../support/repository.js';
import { test } from '../support/workspace.js';

test('tells the head of a repository, and that there is none yet', async ({ repo, workspace }) => {
  expect(await workspace.git.head()).toEqual({ commit: null, tree: null, branch: 'main' });
  repo.write('a.txt', '1');
  repo.commit();
  const commit = repo.git('rev-parse', 'HEAD').trim();
  const tree = repo.git('rev-parse', 'HEAD^{tree}').trim();
  expect(await workspace.git.head()).toEqual({ commit, tree, branch: 'main' });
  repo.git('checkout', '-q', '--detach');
  expect(await workspace.git.head()).toMatchObject({ commit, branch: null });
});

test('lists every change by its own path, odd names included', async ({ repo, workspace }) => {
  repo.write('kept.txt', '1');
  repo.write('.gitignore', '*.log\n');
  repo.commit();
  expect(await workspace.git.changes()).toEqual([]);
  repo.write('kept.txt', '2');
  repo.write('new/a.txt', '1');
  repo.write('new/b "q"\n.txt', '1');
  repo.write('-rf', '1');
  repo.write('x.log', 'ignored');
  const changes = await workspace.git.changes();
  expect(changes.map(({ code, path: name }) => `${code} ${name}`).sort()).toEqual([
    ' M kept.txt',
    '?? -rf',
    '?? new/a.txt',
    '?? new/b "q"\n.txt',
  ]);
});

test('knows tracked files and the folders above them, ignored ones, and branches', async ({
  repo,
  workspace,
}) => {
  repo.write('docs/a/b.md', '1');
  repo.write('.gitignore', '*.log\n');
  repo.commit();
  repo.git('branch', 'feat/x');
  repo.write('y.log', '1');
  expect(await workspace.git.tracked()).toEqual(new Set(['.gitignore', 'docs/a/b.md', 'docs/a', 'docs']));
  expect(await workspace.git.ignored(['y.log', 'docs/a/b.md'])).toEqual(new Set(['y.log']));
  expect(await workspace.git.branches()).toEqual(new Set(['main', 'feat/x']));
});

test('a path that looks like a rule of git is not taken for one', async ({ repo, workspace }) => {
  repo.write('.gitignore', '*.log\n');
  const asked = ['a_2025-10-03T17:39:15Z.json', 'b_2025-10-03T17:39:15Z.log'];
  for (const name of asked) repo.write(name, '1');
  expect(await workspace.git.ignored(asked)).toEqual(new Set(asked.slice(1)));
});

test('tells ignored paths apart from those that a later rule takes back', async ({ repo, workspace }) => {
  repo.write('.gitignore', '*.log\n!kept.log\n/build/\n');
  for (const name of ['a.log', 'kept.log', 'build/x', ':(top)b.log', 'd "q".log', 'tracked.log', 'e.txt'])
    repo.write(name, '1');
  repo.git('add', '-f', 'tracked.log');
  const asked = [
    'a.log',
    'kept.log',
    'build/x',
    ':(top)b.log',
    'd "q".log',
    'tracked.log',
    'e.txt',
    'none.log',
  ];
  const expected = ['a.log', 'build/x', ':(top)b.log', 'd "q".log', 'none.log'];
  expect(await workspace.git.ignored(asked)).toEqual(new Set(expected));
  expect(await workspace.git.ignored(['e.txt'])).toEqual(new Set());
  expect(await workspace.git.ignored([])).toEqual(new Set());
});

test('runs no program that a hostile repository names, and names the keys', async ({ repo }) => {
  const canary = path.join(repo.root, '.git', 'canary');
  const script = path.join(repo.root, '.git', 'evil.sh');
  writeFileSync(script, `#!/bin/sh\ntouch '${canary}'\ncat\n`);
  chmodSync(script, 0o755);
  repo.write('a.txt', 'one');
  repo.write('.gitattributes', '*.txt filter=evil diff=evil\n');
  repo.commit();
  const hook = path.join(repo.root, '.git/hooks/post-index-change');
  mkdirSync(path.dirname(hook), { recursive: true });
  writeFileSync(hook, `#!/bin/sh\ntouch '${canary}'\n`);
  chmodSync(hook, 0o755);
  for (const key of [
    'core.fsmonitor',
    'diff.external',
    'diff.evil.textconv',
    'filter.evil.clean',
    'core.sshCommand',
  ])
    repo.git('config', key, script);
  repo.git('config', 'alias.status', `!${script}`);
  writeFileSync(path.join(repo.root, 'a.txt'), 'two');
  const { git } = openTest(repo.root);
  const changes = await git.changes();
  await git.head();
  await git.tracked();
  await git.branches();
  expect(existsSync(canary)).toBe(false);
  expect(changes.map(({ path: name }) => name)).toEqual(['a.txt']);
  expect(await git.untrustedConfig()).toEqual([
    'alias.status',
    'core.fsmonitor',
    'core.sshcommand',
    'diff.evil.textconv',
    'diff.external',
    'filter.evil.clean',
  ]);
});

test('finds nothing to distrust in an ordinary repository', async ({ workspace }) => {
  expect(await workspace.git.untrustedConfig()).toEqual([]);
});

test('refuses a repository whose configuration points to another work tree', async ({ repo }) => {
  mkdirSync(path.join(repo.root, 'elsewhere'));
  repo.git('config', 'core.worktree', path.join(repo.root, 'elsewhere'));
  await expect(openTest(repo.root).git.changes()).rejects.toMatchObject({ code: 'GIT_UNAVAILABLE' });
});

test('says that the repository is broken rather than that it is clean', async ({ repo }) => {
  writeFileSync(path.join(repo.root, '.git/HEAD'), 'nonsense');
  await expect(createGit(repo.root).changes()).rejects.toMatchObject({ code: 'GIT_UNAVAILABLE' });
});

test('a tag with the name of HEAD hides neither the commit nor the branch', async ({ repo, workspace }) => {
  repo.write('a.txt', '1');
  repo.commit();
  const commit = repo.git('rev-parse', 'HEAD').trim();
  repo.git('tag', 'HEAD');
  repo.git('commit', '-q', '--allow-empty', '-m', 'after');
  const now = repo.git('rev-parse', 'refs/heads/main').trim();
  expect(now).not.toBe(commit);
  expect(await workspace.git.head()).toMatchObject({ commit: now, branch: 'main' });
});

test('a stand-in for a commit answers for nothing', async ({ repo, workspace }) => {
  repo.write('a.txt', '1');
  repo.commit();
  const before = repo.git('rev-parse', 'HEAD').trim();
  repo.write('a.txt', '2');
  repo.commit();
  const after = repo.git('rev-parse', 'HEAD').trim();
  const twin = repo.git('commit-tree', `${after}^{tree}`, '-m', 'twin').trim();
  repo.git('replace', before, twin);
  expect(repo.git('diff-tree', '-r', before, after)).toBe('');
  expect(await workspace.git.changedBetween(before, after)).toEqual(['a.txt']);
});
