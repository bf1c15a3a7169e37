import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { test } from '../support/workspace.js';

test('a submodule with changes of its own is a change, at any depth', async ({ repo, workspace }) => {
  const add = (folder: string, path: string) =>
    repo.git(
      '-C',
      folder,
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      repo.root,
      path,
    );
  repo.write('a.txt', '1');
  repo.commit();
  add('.', 'inner');
  repo.commit();
  add('inner', 'deep');
  repo.git(
    '-C',
    'inner',
    '-c',
    'user.name=x',
    '-c',
    'user.email=x@example.com',
    'commit',
    '-q',
    '-m',
    'deep',
  );
  repo.commit();
  expect(await workspace.git.changes()).toEqual([]);
  repo.write('inner/deep/stray.txt', '1');
  expect(await workspace.git.changes()).toEqual([{ code: ' M', path: 'inner' }]);
  repo.write('inner/a.txt', '2');
  repo.git(
    '-C',
    'inner',
    '-c',
    'user.name=x',
    '-c',
    'user.email=x@example.com',
    'commit',
    '-q',
    '-am',
    'moved on',
  );
  expect(await workspace.git.changes()).toEqual([{ code: ' M', path: 'inner' }]);
});

test('a change of a file that git was told not to look at is a change; what a sparse checkout leaves out is none', async ({
  repo,
  workspace,
}) => {
  for (const name of ['skipped.txt', 'assumed.txt', 'same.txt', 'sparse/a.txt', 'gone.txt'])
    repo.write(name, '1');
  repo.commit();
  repo.git('update-index', '--skip-worktree', 'skipped.txt', 'sparse/a.txt');
  repo.git('update-index', '--assume-unchanged', 'assumed.txt', 'same.txt', 'gone.txt');
  expect(await workspace.git.changes()).toEqual([]);
  repo.write('skipped.txt', '2');
  repo.write('assumed.txt', '2');
  for (const name of ['sparse/a.txt', 'gone.txt']) rmSync(path.join(repo.root, name));
  expect(repo.git('status', '--short')).toBe('');
  expect((await workspace.git.changes()).map(change => change.path).sort()).toEqual([
    'assumed.txt',
    'gone.txt',
    'skipped.txt',
    'sparse/a.txt',
  ]);
  expect(await workspace.git.leftOut()).toBe(0);
  repo.write('.git/info/sparse-checkout', '/*\n!/sparse/\n');
  expect((await workspace.git.changes()).map(change => change.path)).not.toContain('sparse/a.txt');
  expect(await workspace.git.leftOut()).toBe(1);
});

test('the files of a submodule without its .git are a change: nobody can tell what they are', async ({
  repo,
  workspace,
}) => {
  repo.git('init', '-q', 'sub');
  repo.git(
    '-C',
    'sub',
    '-c',
    'user.name=x',
    '-c',
    'user.email=x@e',
    'commit',
    '-q',
    '--allow-empty',
    '-m',
    '1',
  );
  repo.git('add', 'sub');
  repo.commit();
  rmSync(path.join(repo.root, 'sub/.git'), { recursive: true });
  expect(await workspace.git.changes()).toEqual([]);
  repo.write('sub/x.js', '1');
  expect(await workspace.git.changes()).toEqual([{ code: ' M', path: 'sub' }]);
});
