import { fork } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { test as base } from '../support/workspace.js';

const test = base.extend<{ outside: string }>({
  outside: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spec-kit-outside-'));
    writeFileSync(path.join(folder, 'secret.txt'), 'outside');
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
});

const hostile: [name: string, path: string][] = [
  ['the folder above', '..'],
  ['a sibling', '../x'],
  ['a detour', 'a/../../x'],
  ['an absolute path', '/etc/passwd'],
  ['a NUL', 'a\0b'],
  ['5,000 characters', 'x'.repeat(5000)],
];

test.for(hostile)('takes %s for outside and never throws from info', ([, name], { workspace }) => {
  expect(workspace.files.info(name).kind).toBe('outside');
});

test.for(hostile)('refuses to read or create %s', ([, name], { workspace }) => {
  expect(() => workspace.files.read(name, 100)).toThrow(/outside the workspace/);
  expect(() => workspace.files.create(name, Buffer.from('x'))).toThrow(/outside the workspace/);
});

test('names that only look odd are plain names', ({ repo, workspace }) => {
  repo.write('..hidden', 'a');
  repo.write('a/-rf', 'b');
  expect(workspace.files.info('..hidden').kind).toBe('file');
  expect(workspace.files.read('a/../a/-rf', 10)?.bytes.toString()).toBe('b');
});

test('follows a link that stays inside, refuses one that leaves', ({ repo, workspace, outside }) => {
  repo.write('real/spec.md', 'inside');
  symlinkSync('real/spec.md', path.join(repo.root, 'in.md'));
  symlinkSync(path.join(outside, 'secret.txt'), path.join(repo.root, 'out.md'));
  symlinkSync(outside, path.join(repo.root, 'folder'));
  expect(workspace.files.read('in.md', 100)?.bytes.toString()).toBe('inside');
  for (const name of ['out.md', 'folder/secret.txt', 'folder/new.txt']) {
    expect(workspace.files.info(name).kind).toBe('outside');
    expect(() => workspace.files.read(name, 100)).toThrow(/outside/);
    expect(() => workspace.files.create(name, Buffer.from('x'))).toThrow(/outside|symbolic link|exists/);
  }
  expect(readdirSync(outside)).toEqual(['secret.txt']);
});

test('no link leads into the folder of git, whose files name programs; who says .git means it', ({
  repo,
  workspace: { files },
}) => {
  const config = repo.read('.git/config');
  mkdirSync(path.join(repo.root, '.git/hooks'));
  symlinkSync('.git/config', path.join(repo.root, 'plan.md'));
  symlinkSync('.git/hooks', path.join(repo.root, 'evidence'));
  const { version } = files.info('.git/config');
  expect(files.info('plan.md').kind).toBe('outside');
  expect(() => files.read('plan.md', 10_000)).toThrow(/outside the workspace/);
  expect(() => files.replace('plan.md', Buffer.from('x'), version)).toThrow(/outside the workspace/);
  expect(() => files.create('evidence/pre-push', Buffer.from('x'))).toThrow(/outside the workspace/);
  expect(repo.read('.git/config')).toBe(config);
  expect(existsSync(path.join(repo.root, '.git/hooks/pre-push'))).toBe(false);
  expect(files.read('.git/config', 10_000)?.bytes.toString()).toBe(config);
});

test('reads nothing where there is nothing, and says when a file is too big or no file', ({
  repo,
  workspace,
}) => {
  expect(workspace.files.read('absent.md', 10)).toBeUndefined();
  repo.write('big.md', 'x'.repeat(11));
  expect(() => workspace.files.read('big.md', 10)).toThrow(/big\.md has 11 bytes; the limit is 10/);
  mkdirSync(path.join(repo.root, 'folder'));
  expect(() => workspace.files.read('folder', 10)).toThrow(/not a regular file/);
});

test('reads a range only of the version it was told', ({ repo, workspace }) => {
  repo.write('a.txt', '0123456789');
  const { version } = workspace.files.info('a.txt');
  expect(workspace.files.readRange('a.txt', 2, 3, version)?.toString()).toBe('234');
  repo.write('a.txt', '0123456789+');
  expect(workspace.files.readRange('a.txt', 2, 3, version)).toBeUndefined();
});

test('replaces a file at its version, keeps its mode, and leaves nothing behind', ({ repo, workspace }) => {
  repo.write('a.txt', 'old');
  chmodSync(path.join(repo.root, 'a.txt'), 0o754);
  workspace.files.replace('a.txt', Buffer.from('new'), workspace.files.info('a.txt').version);
  expect(repo.read('a.txt')).toBe('new');
  expect(statSync(path.join(repo.root, 'a.txt')).mode & 0o777).toBe(0o754);
  expect(readdirSync(repo.root).sort()).toEqual(['.git', 'a.txt']);
  expect(readdirSync(path.join(repo.root, '.git/spec-kit-mcp'))).toEqual(['claims']);
  expect(readdirSync(path.join(repo.root, '.git/spec-kit-mcp/claims'))).toEqual([]);
});

test('refuses to replace a file that changed or vanished since it was read', ({ repo, workspace }) => {
  repo.write('a.txt', 'old');
  const { version } = workspace.files.info('a.txt');
  repo.write('a.txt', 'other');
  expect(() => workspace.files.replace('a.txt', Buffer.from('new'), version)).toThrow(
    /changed since it was read/,
  );
  expect(repo.read('a.txt')).toBe('other');
  rmSync(path.join(repo.root, 'a.txt'));
  expect(() => workspace.files.replace('a.txt', Buffer.from('new'), version)).toThrow(
    /removed since it was read/,
  );
});

test('creates once, links once', ({ repo, workspace }) => {
  workspace.files.create('x/a.txt', Buffer.from('1'));
  expect(() => workspace.files.create('x/a.txt', Buffer.from('2'))).toThrow(/exists already/);
  expect(workspace.files.link('x/a.txt', 'y/b.txt')).toBe(true);
  expect(workspace.files.link('x/a.txt', 'y/b.txt')).toBe(false);
  expect(repo.read('y/b.txt')).toBe('1');
});

test('lists nothing for a folder that is not there', ({ workspace }) => {
  expect(workspace.files.list('nope')).toEqual([]);
});

test('8 processes that count in one file lose no count', { timeout: 60_000 }, async ({ repo, workspace }) => {
  repo.write('count.txt', '0');
  const script = path.join(import.meta.dirname, '../support/counter.ts');
  const built = script.replace(/\/test\//, '/dist/test/').replace(/\.ts$/, '.js');
  const totals = await Promise.all(
    Array.from({ length: 8 }, () => {
      const child = fork(built, [repo.root, '25'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      return new Promise<number>(resolve => {
        let done = 0;
        child.on('message', message => {
          done = Number(message);
        });
        child.on('exit', () => resolve(done));
      });
    }),
  );
  expect(Number(repo.read('count.txt'))).toBe(totals.reduce((sum, one) => sum + one, 0));
  expect(totals.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(8);
  expect(workspace.files.list('.git/spec-kit-mcp/claims')).toEqual([]);
});
