import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../support/workspace.js';

describe('changing many things in one folder', () => {
  test('creates, reads, links and removes by bare names', ({ repo, workspace }) => {
    mkdirSync(path.join(repo.root, 'one'));
    mkdirSync(path.join(repo.root, 'two'));
    const one = workspace.files.openFolder('one');
    const two = workspace.files.openFolder('two');
    one.create('a.txt', Buffer.from('bytes'));
    expect(one.link('a.txt', two, 'b.txt')).toBe(true);
    expect(one.link('a.txt', two, 'b.txt')).toBe(false);
    expect(String(two.read('b.txt', 100))).toBe('bytes');
    expect([two.has('b.txt'), two.has('a.txt')]).toEqual([true, false]);
    expect(() => one.create('a.txt', Buffer.from('x'))).toThrowError(
      expect.objectContaining({ code: 'EXISTS' }),
    );
    one.remove('a.txt');
    one.sync();
    expect([one.names(), two.names()]).toEqual([[], ['b.txt']]);
    one.close();
    two.close();
  });

  test('takes no name that leads elsewhere', ({ repo, workspace }) => {
    mkdirSync(path.join(repo.root, 'one'));
    const one = workspace.files.openFolder('one');
    const refused = expect.objectContaining({ code: 'OUTSIDE_WORKSPACE' });
    for (const name of ['../x', '..', '.', '', 'a\0b', 'sub/x', '/tmp/x']) {
      expect(() => one.create(name, Buffer.from('x'))).toThrowError(refused);
      expect(() => one.remove(name)).toThrowError(refused);
      expect(() => one.link('a', one, name)).toThrowError(refused);
    }
    one.close();
  });

  test('stays in the folder that was opened when a link takes its place', ({ repo, workspace }) => {
    mkdirSync(path.join(repo.root, 'ours'));
    mkdirSync(path.join(repo.root, 'theirs'));
    const ours = workspace.files.openFolder('ours');
    renameSync(path.join(repo.root, 'ours'), path.join(repo.root, 'moved'));
    symlinkSync('theirs', path.join(repo.root, 'ours'));
    ours.create('a.txt', Buffer.from('x'));
    ours.close();
    expect(readdirSync(path.join(repo.root, 'theirs'))).toEqual([]);
    expect(existsSync(path.join(repo.root, 'moved/a.txt'))).toBe(true);
  });

  test('refuses a folder that is outside or missing', ({ repo, workspace }) => {
    symlinkSync('/tmp', path.join(repo.root, 'out'));
    expect(() => workspace.files.openFolder('out')).toThrowError(
      expect.objectContaining({ code: 'OUTSIDE_WORKSPACE' }),
    );
    expect(() => workspace.files.openFolder('none')).toThrowError(
      expect.objectContaining({ code: 'FILE_UNAVAILABLE' }),
    );
  });
});
