import { get } from 'node:http';
import { describe, expect } from 'vitest';
import { ask, initialize, modern, OTHER_TOKEN, rpc, TOKEN, test } from '../support/http.js';

async function begin(url: string): Promise<string> {
  const { headers } = await ask(url, { body: initialize() });
  return String(headers['mcp-session-id']);
}

function inSession(id: string, token = TOKEN) {
  const headers = { authorization: `Bearer ${token}`, 'mcp-session-id': id };
  return { headers, body: rpc('ping') };
}

describe('a session', () => {
  test('has an id nobody guesses, serves its owner, and ends with DELETE', async ({ serving }) => {
    const id = await begin(serving.url);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await ask(serving.url, inSession(id))).toMatchObject({ status: 200 });
    const { headers } = inSession(id);
    expect(await ask(serving.url, { method: 'DELETE', headers })).toMatchObject({ status: 200 });
    expect(await ask(serving.url, inSession(id))).toMatchObject({ status: 404 });
  });

  test('does not exist for another caller', async ({ serving }) => {
    const id = await begin(serving.url);
    const stolen = await ask(serving.url, inSession(id, OTHER_TOKEN));
    const unknown = await ask(serving.url, inSession('no-such-session', OTHER_TOKEN));
    expect(stolen).toMatchObject({ status: 404, text: unknown.text });
    const { headers } = inSession(id, OTHER_TOKEN);
    expect(await ask(serving.url, { method: 'DELETE', headers })).toMatchObject({ status: 404 });
    expect(await ask(serving.url, { method: 'GET', headers })).toMatchObject({ status: 404 });
    expect(await ask(serving.url, inSession(id))).toMatchObject({ status: 200 });
  });

  test('is needed by the 2025 era and by nobody else', async ({ serving }) => {
    expect(await ask(serving.url, { body: rpc('tools/list') })).toMatchObject({ status: 400 });
    expect(await ask(serving.url, { method: 'GET' })).toMatchObject({ status: 400 });
    expect(await ask(serving.url, modern('tools/list'))).toMatchObject({ status: 200 });
  });

  test('is not begun by a broken initialize', async ({ serving, host }) => {
    for (let round = 0; round < 100; round++) {
      const answer = await ask(serving.url, { headers: { accept: 'text/html' }, body: initialize() });
      expect(answer).toMatchObject({ status: 406 });
    }
    expect(await begin(serving.url)).toMatch(/-/);
    expect(host.logged).toEqual([]);
  });
});

describe('sessions that time out quickly', () => {
  const quick = test.override('limits', { sessions: { max: 2, idleMs: 200, evictableMs: 200 } });

  quick('are closed when idle', async ({ serving }) => {
    const id = await begin(serving.url);
    const status = () => ask(serving.url, inSession(id)).then(answer => answer.status);
    expect(await status()).toBe(200);
    await expect.poll(status, { interval: 700, timeout: 5000 }).toBe(404);
  });

  quick('stay while a stream is open', async ({ serving }) => {
    const id = await begin(serving.url);
    const other = await begin(serving.url);
    const { headers } = inSession(id);
    const stream = get(serving.url, { headers: { ...headers, accept: 'text/event-stream' } });
    await new Promise(resolve => stream.on('response', resolve));
    await expect
      .poll(() => ask(serving.url, inSession(other)).then(answer => answer.status), { interval: 700 })
      .toBe(404);
    expect(await ask(serving.url, inSession(id))).toMatchObject({ status: 200 });
    stream.destroy();
  });
});

describe('when all sessions are in use', () => {
  const full = test.override('limits', { sessions: { max: 2, idleMs: 60_000, evictableMs: 60_000 } });

  full('a new client is told to wait, and the modern era is served on', async ({ serving }) => {
    const ids = [await begin(serving.url), await begin(serving.url)];
    const third = await ask(serving.url, { body: initialize() });
    expect(third).toMatchObject({ status: 503, headers: { 'retry-after': '60' } });
    expect(await ask(serving.url, modern('tools/list'))).toMatchObject({ status: 200 });
    for (const id of ids) expect(await ask(serving.url, inSession(id))).toMatchObject({ status: 200 });
  });
});

describe('when all sessions are taken and one has long been idle', () => {
  const crowded = test.override('limits', { sessions: { max: 2, idleMs: 60_000, evictableMs: 0 } });

  crowded('it makes room', async ({ serving }) => {
    const first = await begin(serving.url);
    await begin(serving.url);
    expect(await begin(serving.url)).toMatch(/-/);
    expect(await ask(serving.url, inSession(first))).toMatchObject({ status: 404 });
  });
});
