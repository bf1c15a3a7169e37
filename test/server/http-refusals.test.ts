import { request as plainRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { type Ask, ask, initialize, modern, OTHER_TOKEN, rpc, TOKEN, test } from '../support/http.js';

const MEGABYTE = 1024 * 1024;

/** Whether the server still does its work. */
async function isAlive(url: string): Promise<boolean> {
  const { status } = await ask(url, modern('tools/call', { name: 'echo', arguments: { message: 'alive' } }));
  return status === 200;
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

const REFUSED: readonly (readonly [why: string, status: number, request: Ask])[] = [
  ['no token', 401, { headers: { authorization: undefined } }],
  ['a wrong token', 401, { headers: { authorization: `Bearer ${TOKEN}x` } }],
  ['another scheme', 401, { headers: { authorization: `Basic ${TOKEN}` } }],
  ['a foreign host', 403, { headers: { host: 'evil.example' } }],
  ['a host without its port', 403, { headers: { host: '127.0.0.1' } }],
  ['a host on another port', 403, { headers: { host: '127.0.0.1:1' } }],
  ['a look-alike host', 403, { headers: { host: '127.0.0.1.evil.example' } }],
  ['a foreign origin', 403, { headers: { origin: 'https://evil.example' } }],
  ['a look-alike origin', 403, { headers: { origin: 'http://localhost.evil.example' } }],
  ['the origin of a sandboxed page', 403, { headers: { origin: 'null' } }],
  ['another path', 404, { path: '/' }],
  ['a path below', 404, { path: '/mcp/' }],
  ['a whole URL as path', 404, { path: 'http://evil.example/mcp' }],
  ['PUT', 405, { method: 'PUT' }],
  ['OPTIONS', 405, { method: 'OPTIONS' }],
  ['a body that is text', 415, { headers: { 'content-type': 'text/plain' } }],
  ['a body that is said to be compressed', 415, { headers: { 'content-encoding': 'br' } }],
  ['a compressed body', 415, { headers: { 'content-encoding': 'gzip' }, body: gzipSync(rpc('ping')) }],
  ['2 MB', 413, { body: 'x'.repeat(2 * MEGABYTE) }],
  ['2 MB in pieces', 413, { body: Array.from({ length: 32 }, () => 'x'.repeat(MEGABYTE / 16)) }],
  ['broken JSON', 400, { body: '{"jsonrpc":' }],
  ['nothing', 400, { body: '' }],
  ['a string', 400, { body: '"hello"' }],
  ['bytes that are not UTF-8', 400, { body: Buffer.from([0x22, 0xff, 0x22]) }],
  ['65 levels', 400, { body: nested(65) }],
  ['200,000 levels', 400, { body: nested(200_000) }],
  ['a batch of 21', 400, { body: `[${Array.from({ length: 21 }, () => rpc('ping')).join()}]` }],
  ['a modern batch', 400, { ...modern('tools/list'), body: `[${modern('tools/list').body}]` }],
];

describe('over HTTP', () => {
  test.for(REFUSED)('refuses %s', async ([, status, request], { serving, host }) => {
    const answer = await ask(serving.url, { body: rpc('ping'), ...request });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) } });
    expect(answer.text).not.toMatch(/node_modules|\bat /);
    expect(await isAlive(serving.url)).toBe(true);
    expect(host.reads.active() + host.runs.active()).toBe(0);
  });

  test('serves every name of this machine, and pages of this machine', async ({ serving }) => {
    const { port } = new URL(serving.url);
    for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
      const answer = await ask(serving.url, { headers: { host: `${host}:${port}` }, body: initialize() });
      expect(answer.status, host).toBe(200);
    }
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1', 'https://[::1]:8443']) {
      const answer = await ask(serving.url, { headers: { origin }, body: initialize() });
      expect(answer.status, origin).toBe(200);
    }
  });

  test('takes either token, the scheme in any case, and a charset', async ({ serving }) => {
    for (const authorization of [`Bearer ${TOKEN}`, `bearer ${OTHER_TOKEN}`]) {
      const headers = { authorization, 'content-type': 'application/json; charset=utf-8' };
      expect((await ask(serving.url, { headers, body: initialize() })).status).toBe(200);
    }
  });

  test('says how to authenticate', async ({ serving }) => {
    const none = await ask(serving.url, { headers: { authorization: undefined } });
    expect(none.headers['www-authenticate']).toBe('Bearer realm="spec-kit-mcp"');
    const wrong = await ask(serving.url, { headers: { authorization: 'Bearer wrong' } });
    expect(wrong.headers['www-authenticate']).toContain('error="invalid_token"');
  });

  test('takes a body of almost 1 MiB and 64 levels', async ({ serving }) => {
    const items = JSON.parse(nested(56));
    const args = { message: 'big', items: [items, 'x'.repeat(MEGABYTE - 5000)] };
    const answer = await ask(serving.url, modern('tools/call', { name: 'echo', arguments: args }));
    expect(JSON.parse(answer.text)).toMatchObject({ result: { structuredContent: { message: 'big' } } });
  });

  test('refuses two Host headers', async ({ serving }) => {
    const { port, host } = new URL(serving.url);
    const head = `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n`;
    const answer = await raw(
      Number(port),
      `${head}Authorization: Bearer ${TOKEN}\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(await isAlive(serving.url)).toBe(true);
  });

  test('lives on when a client leaves in the middle of a body', async ({ serving, host }) => {
    const { port } = new URL(serving.url);
    const headers = {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      'content-length': 900,
    };
    const outgoing = plainRequest({ port, host: '127.0.0.1', path: '/mcp', method: 'POST', headers });
    outgoing.on('error', () => {});
    outgoing.write('{"jsonrpc"');
    await expect.poll(() => outgoing.socket?.bytesWritten).toBeGreaterThan(100);
    outgoing.destroy();
    expect(await isAlive(serving.url)).toBe(true);
    expect(host.logged).toEqual([]);
  });

  test.for([
    ['a million elements', { message: 'x', items: Array.from({ length: 300_000 }, () => 1) }],
    ['20,000 unknown keys', Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`k${n}`, n]))],
    ['10,001 objects', { message: 'x', items: Array.from({ length: 10_001 }, () => ({})) }],
  ] as const)('refuses %s as arguments and stays quick and small', async ([, args], { serving }) => {
    const answer = await ask(serving.url, modern('tools/call', { name: 'echo', arguments: args }));
    expect(JSON.parse(answer.text)).toMatchObject({ result: { isError: true } });
    expect(answer.text.length).toBeLessThan(3000);
    expect(await isAlive(serving.url)).toBe(true);
  });

  test('keeps prototypes clean', async ({ serving }) => {
    const body = modern('tools/call', { name: 'echo', arguments: { message: 'x' } });
    const evil = String(body.body).replace('"message":"x"', '"message":"x","__proto__":{"polluted":1}');
    const answer = await ask(serving.url, { ...body, body: evil });
    expect(JSON.parse(answer.text)).toMatchObject({ result: { structuredContent: { message: 'x' } } });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('a server in a hurry', () => {
  const hasty = test.override('limits', { headMs: 200 });

  hasty('gives up on a head that does not end', async ({ serving }) => {
    const { port, host } = new URL(serving.url);
    const answer = await raw(Number(port), `POST /mcp HTTP/1.1\r\nHost: ${host}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('over the limits', () => {
  const limits = {
    requests: { each: { perSecond: 0.1, burst: 5 }, all: { perSecond: 0.1, burst: 8 } },
    runs: { each: { perSecond: 0.1, burst: 2 }, all: { perSecond: 0.1, burst: 2 } },
  };
  const limited = test.override('limits', limits);
  const from = (token: string) => ({ headers: { authorization: `Bearer ${token}` }, body: initialize() });

  limited('a flood gets 429 and when to come back, and others are served on', async ({ serving }) => {
    const flood = await Promise.all(Array.from({ length: 20 }, () => ask(serving.url, from(TOKEN))));
    expect(flood.filter(answer => answer.status === 200)).toHaveLength(5);
    const refused = flood.find(answer => answer.status === 429);
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask(serving.url, from(OTHER_TOKEN))).status).toBe(200);
  });

  limited('all callers together are limited too', async ({ serving }) => {
    await Promise.all(Array.from({ length: 5 }, () => ask(serving.url, from(TOKEN))));
    const others = await Promise.all(Array.from({ length: 5 }, () => ask(serving.url, from(OTHER_TOKEN))));
    expect(others.filter(answer => answer.status === 200)).toHaveLength(3);
  });

  limited('a call that changes something is told when to try again', async ({ serving }) => {
    const write = modern('tools/call', { name: 'write_note', arguments: { name: 'n', text: 't' } });
    const texts: string[] = [];
    for (let call = 0; call < 3; call++) texts.push((await ask(serving.url, write)).text);
    expect(texts[1]).not.toContain('isError');
    expect(texts[2]).toMatch(/Try this one again in \d+ s\. \(RATE_LIMITED\)/);
  });
});

/** What a server sends on a plain socket until it closes. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', chunk => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
