import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { expect } from 'vitest';
import { PROGRAM, runCli } from '../support/cli.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { test } from '../support/workspace.js';

function start(cwd: string, args: readonly string[], stdio: 'pipe' | ('pipe' | number)[] = 'pipe') {
  const env = { PATH: process.env['PATH'] ?? '', HOME: path.join(cwd, '.git/home') };
  return spawn(process.execPath, [PROGRAM, ...args], { cwd, env, stdio });
}

async function textOf(stream: Readable | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
}

async function end(child: ChildProcess): Promise<number | null> {
  await once(child, 'close');
  return child.exitCode;
}

test.for([
  { args: ['--help'], code: 0 },
  { args: ['status', 'SPEC-KIT-404'], code: 4 },
  { args: ['guardrail', 'plan', SPEC_ID], code: 0 },
])('$args keeps its exit code when its reader has left (| head)', async ({ args, code }, { repo }) => {
  writePacket(repo);
  const child = start(repo.root, args);
  child.stdout?.destroy();
  child.stderr?.destroy();
  expect(await end(child)).toBe(code);
  const verified = await runCli(repo.root, ['verify', '--json']);
  expect(JSON.parse(verified.stdout)).toMatchObject({ counts: { records: args[0] === 'guardrail' ? 1 : 0 } });
});

test('an answer that could not be printed is no success', async ({ repo }) => {
  const full = openSync('/dev/full', 'w');
  const child = start(repo.root, ['--help'], ['pipe', full, 'pipe']);
  closeSync(full);
  const [said, code] = await Promise.all([textOf(child.stderr), end(child)]);
  expect([code, said]).toEqual([5, 'The answer could not be printed (ENOSPC).\n']);
});

test('Ctrl-C ends a command that waits for its input, and nothing is written', async ({ repo }) => {
  writePacket(repo);
  const child = start(repo.root, ['evidence', 'write', SPEC_ID, 'note.md', '--json']);
  // More than a pipe holds: once it is written, the program is reading.
  await new Promise(resolve => child.stdin?.write('x'.repeat(1024 * 1024), resolve));
  child.kill('SIGINT');
  const [said, code] = await Promise.all([textOf(child.stdout), end(child)]);
  expect(code).toBe(3);
  expect(JSON.parse(said)).toMatchObject({ error: { code: 'CANCELLED' } });
  expect(repo.git('status', '--porcelain')).toBe('');
});

test('Ctrl-C in the demo is said in a sentence', async ({ repo }) => {
  const child = start(repo.root, ['demo']);
  child.stdout?.once('data', () => child.kill('SIGINT'));
  child.stdout?.resume();
  const [said, code] = await Promise.all([textOf(child.stderr), end(child)]);
  expect([code, said]).toEqual([3, 'The command was ended before it was done.\n']);
});

test('--json makes help and version one object, too', async ({ repo }) => {
  const version = await runCli(repo.root, ['--version', '--json']);
  expect(JSON.parse(version.stdout)).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  for (const args of [['--help'], ['lint', '--help']])
    expect(JSON.parse((await runCli(repo.root, [...args, '--json'])).stdout)).toEqual({
      help: expect.stringContaining('spec-kit-mcp'),
    });
});
