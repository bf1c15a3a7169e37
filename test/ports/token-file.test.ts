import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, expect } from 'vitest';
import { keepToken } from '../../src/ports/token-file.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spec-kit-token-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

test('creates a private token once and gives the same one again', ({ folder }) => {
  const directory = path.join(folder, 'new', 'config');
  const first = keepToken(directory);
  expect(first.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(Buffer.from(first.token, 'base64url')).toHaveLength(32);
  expect(statSync(first.path).mode & 0o777).toBe(0o600);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(readdirSync(directory)).toEqual(['http-token']);
  expect(keepToken(directory)).toEqual(first);
  expect(keepToken(folder).token).not.toBe(first.token);
});

test('refuses a file that others can read', ({ folder }) => {
  const { path: file, token } = keepToken(folder);
  for (const mode of [0o640, 0o604]) {
    chmodSync(file, mode);
    expect(() => keepToken(folder)).toThrow(/others can read it[\s\S]*chmod 600/);
  }
  chmodSync(file, 0o600);
  expect(keepToken(folder).token).toBe(token);
});

test('refuses a symbolic link and leaves its target alone', ({ folder }) => {
  const target = path.join(folder, 'target');
  writeFileSync(target, 'private', { mode: 0o600 });
  symlinkSync(target, path.join(folder, 'http-token'));
  expect(() => keepToken(folder)).toThrow(/symbolic link/);
  expect(readFileSync(target, 'utf8')).toBe('private');
});

test.for(['', 'short', 'x'.repeat(5000)])('refuses a file that holds no token: %.10s', (text, { folder }) => {
  writeFileSync(path.join(folder, 'http-token'), text, { mode: 0o600 });
  expect(() => keepToken(folder)).toThrow(/does not hold a token/);
});

test('says without a path of the machine that the folder cannot be made', ({ folder }) => {
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  expect(() => keepToken(path.join(file, 'config'))).toThrow(
    'Could not keep the token for HTTP in your configuration folder, spec-kit-mcp below XDG_CONFIG_HOME or ~/.config: a part of the path is not a folder. Make it one that you can write to, or set SPEC_KIT_HTTP_TOKEN instead.',
  );
});
