import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { connectProcess, KINDS } from '../support/clients.js';
import { test as base } from '../support/one-workspace.js';

const SERVER = path.join(import.meta.dirname, '../../dist/test/support/stdio-server.js');

/** A server process that speaks raw lines. */
interface Process {
  readonly child: ChildProcessWithoutNullStreams;
  readonly stdout: () => string;
  readonly stderr: () => string;
  send(message: object): void;
  /** Resolves when a line of stdout contains the text. */
  heard(text: string): Promise<void>;
  /** Exit code, or the signal's name. */
  readonly exit: Promise<number | string>;
}

const test = base.extend<{ server: Process }>({
  server: async ({ repo }, use) => {
    const server = start(repo.root);
    await use(server);
    server.child.kill('SIGKILL');
    await server.exit;
  },
});

function start(root: string): Process {
  const child = spawn(process.execPath, [SERVER, root]);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    send: message => child.stdin.write(`${JSON.stringify(message)}\n`),
    heard: text => expect.poll(() => stdout, { timeout: 10_000, interval: 10 }).toContain(text),
    exit: once(child, 'close').then(([code, signal]) => code ?? signal),
  };
}

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 'hello',
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

function call(id: string, name: string, args: object) {
  const params = { name, arguments: args, _meta: { progressToken: id } };
  return { jsonrpc: '2.0', id, method: 'tools/call', params };
}

const LONG = call('long', 'work', { steps: 2, everyMs: 600_000 });

describe.each(KINDS)('a %s client', kind => {
  test('drives a server process', async ({ repo }) => {
    const client = await connectProcess(process.execPath, [SERVER, repo.root], kind);
    expect(await client.tools()).toHaveLength(5);
    expect((await client.call('echo', { message: 'hi' })).isError).toBe(false);
    expect(await client.read('test://notes/one')).toBe('first note');
    await client.close();
  });
});

test('keeps stdout for messages while a package prints', async ({ server }) => {
  server.send(INITIALIZE);
  await server.heard('"id":"hello"');
  server.child.stdin.end();
  expect(await server.exit).toBe(0);
  for (const line of server.stdout().trim().split('\n')) {
    expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  }
  expect(server.stderr()).toContain('a careless print');
});

test('ignores lines that are no messages', async ({ server }) => {
  server.child.stdin.write('garbage\n{}\n[1]\n\n"text"\n{"jsonrpc":"1.0"}\n');
  server.send(INITIALIZE);
  await server.heard('"id":"hello"');
  server.send(call('next', 'echo', { message: 'alive' }));
  await server.heard('alive');
});

test('stops the work and exits when the client closes its end', async ({ server }) => {
  server.send(INITIALIZE);
  server.send(LONG);
  await server.heard('notifications/progress');
  server.child.stdin.end();
  expect(await server.exit).toBe(0);
  expect(server.stderr()).toContain('aborted: work');
});

test('tells the log of a client that something failed inside, and no more', async ({ server }) => {
  server.send(INITIALIZE);
  server.send(call('boom', 'fail', { how: 'crash' }));
  await server.heard('"id":"boom"');
  expect(server.stdout()).toMatch(/"notifications\/message".*"level":"error".*failed inside the server/);
  expect(server.stdout()).not.toContain('secret-folder');
  expect(server.stderr()).toContain('secret-folder');
});

test('exits cleanly when nobody reads any more', async ({ server }) => {
  server.send(INITIALIZE);
  await server.heard('"id":"hello"');
  server.child.stdout.destroy();
  server.send(call('lost', 'echo', { message: 'x'.repeat(20_000) }));
  expect(await server.exit).toBe(0);
  expect(server.stderr()).not.toMatch(/Unhandled|at .*\.js:\d/);
});

test('refuses an endless line, says so and fails', async ({ server }) => {
  const megabyte = 'x'.repeat(1 << 20);
  for (let sent = 0; sent < 60 && server.child.stdin.writable; sent++) server.child.stdin.write(megabyte);
  expect(await server.exit).toBe(4);
  expect(server.stderr()).toMatch(/longer than 10 MiB/);
});

test('takes a long line that is a message', async ({ server }) => {
  server.send(INITIALIZE);
  server.send(call('big', 'echo', { message: 'short', items: ['x'.repeat(5 << 20)] }));
  await server.heard('"id":"big"');
  expect(server.stdout()).toContain('short');
});

test.for(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'stops the work and exits 0 on %s',
  async (signal, { server }) => {
    server.send(INITIALIZE);
    server.send(LONG);
    await server.heard('notifications/progress');
    server.child.kill(signal);
    expect(await server.exit).toBe(0);
    expect(server.stderr()).toContain('aborted: work');
  },
);
