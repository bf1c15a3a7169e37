import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { serveHttp } from '../../src/server/http.js';
import { connectHttp } from '../support/clients.js';
import { type Ask, ask, modern, TOKEN, test } from '../support/http.js';

const SERVER = path.join(import.meta.dirname, '../../dist/test/support/http-server.js');

function work(steps: number, everyMs: number): Ask {
  return modern('tools/call', { name: 'work', arguments: { steps, everyMs } });
}

describe('a server that has time to drain', () => {
  const patient = test.override('limits', { drainMs: 10_000 });

  patient('lets a running call end and takes no new one', async ({ serving, host }) => {
    const call = ask(serving.url, work(30, 20));
    await expect.poll(() => host.reads.active()).toBe(1);
    const closed = serving.close();
    await expect(ask(serving.url, work(1, 1))).rejects.toThrow();
    expect(JSON.parse((await call).text)).toMatchObject({ result: { structuredContent: { steps: 30 } } });
    await closed;
    expect(await serving.ended).toBe(0);
    expect(host.aborted).toEqual([]);
  });
});

test('aborts what does not end in time, and streams that only listen do not hold it up', async ({
  host,
  serving,
}) => {
  const call = ask(serving.url, work(2, 600_000)).catch(() => 'cut off');
  const listener = await connectHttp(serving.url, 'modern', TOKEN);
  await listener.follow(['test://notes/one']);
  await expect.poll(() => host.reads.active()).toBe(1);
  await serving.close();
  expect(host.aborted).toEqual(['work']);
  await call;
  await listener.close();
});

test('says so when the port is taken', async ({ host, serving }) => {
  const port = Number(new URL(serving.url).port);
  await expect(serveHttp(host, { port, tokens: 'none' })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('does not wait any more after a second signal', async ({ repo }) => {
  const child = spawn(process.execPath, [SERVER, repo.root]);
  const exit = once(child, 'close');
  const [url] = await once(child.stdout, 'data');
  const call = ask(String(url).trim(), work(2, 600_000)).catch(() => 'cut off');
  const other = await connectHttp(String(url).trim(), 'legacy');
  await other.call('echo', { message: 'hi' });
  child.kill('SIGTERM');
  child.kill('SIGINT');
  expect(await exit).toEqual([130, null]);
  await call;
});

test('ends with exit code 0 on SIGTERM, with a call still running', async ({ repo }) => {
  const child = spawn(process.execPath, [SERVER, repo.root]);
  const exit = once(child, 'close');
  let stderr = '';
  child.stderr.on('data', text => {
    stderr += text;
  });
  const [url] = await once(child.stdout, 'data');
  const call = ask(String(url).trim(), work(2, 600_000)).catch(() => 'cut off');
  const other = await connectHttp(String(url).trim(), 'legacy');
  expect((await other.call('echo', { message: 'hi' })).isError).toBe(false);
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  expect(stderr).toContain('aborted: work');
  await call;
});
