import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../support/workspace.js';

describe('reading many files of one folder', () => {
  test('gives the bytes of each, and says what is no file, missing or too large', ({ repo, workspace }) => {
    repo.write('many/one.txt', 'one');
    repo.write('many/two.txt', 'second');
    mkdirSync(path.join(repo.root, 'many/folder'));
    symlinkSync('one.txt', path.join(repo.root, 'many/link'));
    execFileSync('mkfifo', [path.join(repo.root, 'many/pipe')]);
    const seen = workspace.files.inFolder('many', read =>
      ['one.txt', 'two.txt', 'three.txt', 'folder', 'link', 'pipe'].map(name => String(read(name, 5))),
    );
    expect(seen).toEqual(['one', 'too_large', 'missing', 'not_a_file', 'not_a_file', 'not_a_file']);
  });

  test('takes bare names only', ({ repo, workspace }) => {
    repo.write('many/one.txt', 'one');
    repo.write('above.txt', 'above');
    const seen = workspace.files.inFolder('many', read =>
      ['../above.txt', '..', '.', '', 'a\0b', 'sub/one.txt', '..\\above.txt'].map(name => read(name, 100)),
    );
    expect(new Set(seen)).toEqual(new Set(['missing']));
  });

  test('stays in the folder that was opened when a link takes its place', ({ repo, workspace }) => {
    repo.write('many/one.txt', 'ours');
    repo.write('elsewhere/one.txt', 'theirs');
    const seen = workspace.files.inFolder('many', read => {
      renameSync(path.join(repo.root, 'many'), path.join(repo.root, 'moved'));
      symlinkSync('elsewhere', path.join(repo.root, 'many'));
      return String(read('one.txt', 100));
    });
    expect(seen).toBe('ours');
  });

  test('refuses a folder outside, and passes on what the caller throws', ({ repo, workspace }) => {
    symlinkSync('/tmp', path.join(repo.root, 'out'));
    expect(() => workspace.files.inFolder('out', () => 0)).toThrowError(
      expect.objectContaining({ code: 'OUTSIDE_WORKSPACE' }),
    );
    expect(() =>
      workspace.files.inFolder('.', () => {
        throw new RangeError('mine');
      }),
    ).toThrowError(RangeError);
    expect(workspace.files.inFolder('nowhere', read => read('x', 1))).toBe('missing');
  });
});
