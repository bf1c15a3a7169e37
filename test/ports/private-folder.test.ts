import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createRunCommand } from '../../src/ports/exec.js';
import { openPrivateFolder, sweep } from '../../src/ports/private-folder.js';
import type { CommandRun } from '../../src/workspace/command.js';
import type { PrivateFolder } from '../../src/workspace/private-folder.js';

let folder: PrivateFolder;

beforeEach(() => {
  folder = openPrivateFolder();
  onTestFinished(() => folder.remove());
});

test('it and its files are for nobody else, and go with it', () => {
  folder.write('home/.app/settings.json', '{}');
  expect(statSync(folder.path).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(folder.path, 'home/.app')).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(folder.path, 'home/.app/settings.json')).mode & 0o777).toBe(0o600);
  expect(folder.read('home/.app/settings.json', 10).toString()).toBe('{}');
  folder.remove();
  expect(existsSync(folder.path)).toBe(false);
});

test('nothing is written outside of it or over a file', () => {
  folder.write('one.txt', '1');
  expect(() => folder.write('../two.txt', '2')).toThrow('outside');
  expect(() => folder.write('one.txt', '2')).toThrow('Could not create one.txt');
});

test('what is read is the start of a regular file, or nothing', () => {
  folder.write('long.txt', 'x'.repeat(100));
  symlinkSync('/etc/passwd', path.join(folder.path, 'link'));
  expect(folder.read('long.txt', 10).toString()).toBe('x'.repeat(10));
  for (const name of ['link', 'missing', 'home', '.']) expect(folder.read(name, 10)).toHaveLength(0);
});

test('what a killed process left is removed a day later; what may be in use and what is not ours by name stays', () => {
  const leave = (name: string) => {
    const made = mkdtempSync(path.join(tmpdir(), name));
    onTestFinished(() => rmSync(made, { recursive: true, force: true }));
    return made;
  };
  const ended = spawnSync('true').pid;
  const dead = leave(`spec-kit-private-${ended}-`);
  const alive = leave(`spec-kit-private-${process.pid}-`);
  const other = leave('spec-kit-private-notes-');
  sweep(Date.now() + 60_000);
  expect(existsSync(dead)).toBe(true);
  sweep(Date.now() + 25 * 60 * 60 * 1000);
  expect([dead, alive, other].map(each => existsSync(each))).toEqual([false, true, true]);
});

describe('a command that runs there', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'spec-kit-exec-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
  });

  const run = (argv: readonly string[], over: Partial<CommandRun> = {}) =>
    createRunCommand({ root, env: { PATH: '/usr/bin:/bin', A: 'common', B: 'common' } })({
      argv,
      timeoutMs: 20_000,
      log: 'out.txt',
      signal: new AbortController().signal,
      ...over,
    });

  test('reads its input, sees its variables, and writes to two files', async () => {
    folder.write('in.txt', 'from the file');
    const end = await run(['sh', '-c', 'cat; echo " $A $B"; pwd >&2'], {
      folder: folder.path,
      input: 'in.txt',
      errorLog: 'err.txt',
      env: { B: 'own' },
    });
    expect(end).toMatchObject({ ending: 'exited', exitCode: 0 });
    expect(folder.read('out.txt', 100).toString()).toBe('from the file common own\n');
    expect(folder.read('err.txt', 1000).toString()).toBe(`${folder.path}\n`);
  });

  test('without that it runs in the workspace, with nothing to read and one file', async () => {
    const end = await run(['sh', '-c', 'cat; pwd; echo error >&2']);
    expect(end).toMatchObject({ ending: 'exited', exitCode: 0 });
    expect(readFileSync(path.join(root, 'out.txt'), 'utf8')).toBe(`${root}\nerror\n`);
  });

  test('is ended when either file grows past what it may have', async () => {
    const end = await run(['sh', '-c', 'yes >&2'], {
      folder: folder.path,
      errorLog: 'err.txt',
      maxLogBytes: 10_000,
    });
    expect(end.ending).toBe('truncated');
  });

  test('is not started without its input, nor from outside of the folder', async () => {
    const at = { folder: folder.path };
    await expect(run(['cat'], { ...at, input: 'missing.txt' })).rejects.toThrow('Could not read the input');
    await expect(run(['cat'], { ...at, log: 'o.txt', input: '../x' })).rejects.toThrow('outside');
  });
});
