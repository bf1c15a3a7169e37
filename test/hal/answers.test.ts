import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { captureOf, checkOf, probe, serveOne, serveRaw, smoke, verdictOn } from '../support/hal.js';
import { test } from '../support/workspace.js';

const JSON_TYPE = { 'content-type': 'application/json' };

test.for([500, 401, 403, 404] as const)(
  'status %i with a body fails with cause status, whatever the body says',
  async (status, { repo }) => {
    const { url } = await serveOne(status, JSON_TYPE, '{"status":"ok"}');
    const { report } = await smoke(repo, url, { profile: probe() });
    expect(report.outcome).toBe('failed');
    expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'status', httpStatus: status });
    expect(checkOf(report).message).toBe(`GET /probe answered ${status}, expected 200 to 299.`);
    expect(captureOf(repo, report).response).toMatchObject({
      status,
      body: { text: '{"status":"ok"}', bytes: 15 },
    });
  },
);

test.for([
  [
    'errors beside data',
    '{"errors":[{"message":"No field `x`"}],"data":{"a":1}}',
    "sent GraphQL errors, the first: `No field 'x'`",
  ],
  ['errors that are no list', '{"errors":"boom","data":{}}', 'sent GraphQL errors, the first: `boom`'],
  ['data that is null', '{"data":null}', 'sent a GraphQL answer without data'],
  ['no data', '{}', 'sent a GraphQL answer without data'],
  [
    'a batch with one bad answer',
    '[{"data":{"a":1}},{"errors":[{}]}]',
    'sent GraphQL errors, the first: an object',
  ],
  ['an empty batch', '[]', 'sent an empty list where a GraphQL answer belongs'],
  ['no object', '7', 'sent no GraphQL answer'],
] as const)('a GraphQL answer with 200 and %s fails', async ([, body, words]) => {
  const { url } = await serveOne(200, JSON_TYPE, body);
  const request = { method: 'POST', path: '/graphql', body: { query: 'query { a }' } };
  expect(await verdictOn(url, request)).toEqual({ cause: 'body', words });
});

test.for([
  [
    'another path with a query',
    { method: 'POST', path: '/api', body: { query: '{ a }' } },
    '{"data":{"a":1}}',
  ],
  ['an empty list of errors', { method: 'POST', path: '/graphql' }, '{"errors":[],"data":{"a":1}}'],
  ['null errors', { method: 'POST', path: '/graphql' }, '{"errors":null,"data":{"a":1}}'],
  [
    'a word that is no query',
    { method: 'POST', path: '/search', body: { query: 'cats' } },
    '{"errors":["none"]}',
  ],
  ['an expected refusal', { method: 'POST', path: '/graphql', expect: { status: 401 } }, '{"errors":[1]}'],
] as const)('%s is judged as it should be and passes', async ([, request, body]) => {
  const { url } = await serveOne('expect' in request ? request.expect.status : 200, JSON_TYPE, body);
  expect((await verdictOn(url, request)).cause).toBeUndefined();
});

test('200 with another status in its body fails the assertion and says what was there', async ({ repo }) => {
  const { url } = await serveOne(200, JSON_TYPE, '{"status":"degraded"}');
  const profile = probe({ expect: { json: { status: { equals: 'ok' } } } });
  const { report } = await smoke(repo, url, { profile });
  expect(checkOf(report)).toMatchObject({ cause: 'assertion', httpStatus: 200 });
  expect(checkOf(report).message).toContain('has `degraded`, expected `ok`, at status');
});

const shape = '{"a":{"b":[{"c":null},{"d e":2}]},"n":1,"__proto__":{"x":1}}';

test.for([
  [{ 'a.b[1]["d e"]': { equals: 2 } }, true],
  [{ '$.a.b': { equals: [{ c: null }, { 'd e': 2 }] } }, true],
  [{ $: { exists: true } }, true],
  [{ 'a.b[0].c': { equals: null } }, true],
  [{ 'a.b[0].c': { exists: true } }, true],
  [{ 'a.z': { exists: false } }, true],
  [{ n: { equals: '1' } }, false],
  [{ n: { exists: false } }, false],
  [{ 'a.b': { equals: [{ c: null }] } }, false],
  [{ 'a.b.length': { exists: true } }, false],
  [{ 'a.constructor': { exists: true } }, false],
  [{ 'a.b[9]': { exists: true } }, false],
  [{ a: { equals: {} } }, false],
] as const)('assertion %j over the body holds: %s', async ([json, holds]) => {
  const { url } = await serveOne(200, JSON_TYPE, shape);
  expect((await verdictOn(url, { expect: { json } })).cause).toBe(holds ? undefined : 'assertion');
});

test.for([
  [{ header: { 'X-Kind': 'one' } }, true],
  [{ header: { 'x-kind': { equals: 'one' } } }, true],
  [{ header: { 'x-kind': { exists: true }, 'x-other': { exists: false } } }, true],
  [{ header: { 'x-kind': 'two' } }, false],
  [{ header: { 'x-other': { exists: true } } }, false],
  [{ header: { 'x-kind': { exists: false } } }, false],
  [{ maxMs: 60_000 }, true],
  [{ status: [201, 200] }, true],
  [{ status: 204 }, false],
] as const)('expectation %j holds: %s', async ([expectation, holds]) => {
  const { url } = await serveOne(200, { ...JSON_TYPE, 'x-kind': 'one' }, '{}');
  expect((await verdictOn(url, { expect: expectation })).cause === undefined).toBe(holds);
});

test('an answer that takes longer than maxMs fails the assertion', async ({ repo }) => {
  const url = await serveRaw(socket => {
    setTimeout(() => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'), 60);
  });
  const { report } = await smoke(repo, url, { profile: probe({ expect: { maxMs: 20 } }) });
  expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'assertion' });
  expect(checkOf(report).message).toMatch(/took \d+ ms, expected at most 20 ms/);
});

test('204 without a body is fine, also where it is expected', async ({ repo }) => {
  const { url } = await serveOne(204, {});
  const profile = { plain: probe().probe, exact: probe({ expect: { status: 204 } }).probe };
  const { report } = await smoke(repo, url, { profile });
  expect(report.outcome).toBe('passed');
  expect(captureOf(repo, report, 'exact').response?.body).toMatchObject({ bytes: 0, text: '' });
});

test('200 where 204 is expected fails, and so does 204 where a body is asserted', async ({ repo }) => {
  const { url: ok } = await serveOne(200, JSON_TYPE, '{}');
  const { report } = await smoke(repo, ok, { profile: probe({ expect: { status: 204 } }) });
  expect(checkOf(report)).toMatchObject({ cause: 'status' });
  const { url: empty } = await serveOne(204, {});
  const { report: other } = await smoke(repo, empty, {
    profile: probe({ expect: { json: { a: { exists: true } } } }),
  });
  expect(checkOf(other)).toMatchObject({ cause: 'assertion' });
});

test.for([
  ['HTML', '<html></html>', 'looks like HTML'],
  ['nothing', '', 'is empty'],
  ['half an object', '{"a":', 'is not valid JSON'],
  ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'declares UTF-8 and sent other bytes'],
] as const)('%s where JSON is declared fails with cause body', async ([, body, words]) => {
  const { url } = await serveOne(200, JSON_TYPE, body);
  expect(await verdictOn(url, {})).toEqual({ cause: 'body', words: expect.stringContaining(words) });
});

test('HTML that says it is HTML passes only where nothing is asserted of JSON', async ({ repo }) => {
  const { url } = await serveOne(200, { 'content-type': 'text/html' }, '<html></html>');
  const profile = { plain: probe().probe, json: probe({ expect: { json: { a: { exists: true } } } }).probe };
  const { report } = await smoke(repo, url, { profile });
  expect(checkOf(report, 'plain').status).toBe('passed');
  expect(checkOf(report, 'json')).toMatchObject({ cause: 'assertion' });
});

test('JSON of 200,000 levels is judged and does not overflow anything', async ({ repo }) => {
  const { url } = await serveOne(200, JSON_TYPE, '['.repeat(200_000) + ']'.repeat(200_000));
  const profile = probe({ expect: { json: { '$[0]': { equals: [[1]] } } } });
  const { report } = await smoke(repo, url, { profile });
  expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'assertion' });
});

test.for([
  ['gzip', gzipSync('{"status":"ok"}')],
  ['br', brotliCompressSync('{"status":"ok"}')],
] as const)(
  'a %s body is refused unread although it was not asked for',
  async ([encoding, body], { repo }) => {
    const { url, asked } = await serveOne(200, { ...JSON_TYPE, 'content-encoding': encoding }, body);
    const { report } = await smoke(repo, url, { profile: probe() });
    expect(asked[0]?.headers['accept-encoding']).toBe('identity');
    expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'body' });
    expect(captureOf(repo, report).response).toMatchObject({
      headers: { 'content-encoding': [encoding] },
      body: { text: null, bytes: null, bytesRead: 0, sha256: null, truncated: true },
    });
  },
);

test('of a body over 256 KiB the capture keeps the head, the true size and the true digest', async ({
  repo,
}) => {
  const body = JSON.stringify('x'.repeat(400_000));
  const { url } = await serveOne(200, JSON_TYPE, body);
  const { report } = await smoke(repo, url, { profile: probe() });
  expect(checkOf(report).status).toBe('passed');
  const kept = captureOf(repo, report).response?.body;
  expect(kept?.text).toHaveLength(256 * 1024);
  expect(kept).toMatchObject({
    bytes: body.length,
    truncated: true,
    sha256: createHash('sha256').update(body).digest('hex'),
  });
});

test('a stream without an end is read to 1 MiB and fails', async ({ repo }) => {
  const block = Buffer.alloc(64 * 1024, 'x');
  let sent = 0;
  const url = await serveRaw(socket => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5368709120\r\n\r\n');
    const more = () => {
      sent += block.length;
      if (!socket.destroyed) socket.write(block, more);
    };
    more();
  });
  const { report } = await smoke(repo, url, { profile: probe() });
  expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'body', httpStatus: 200 });
  expect(captureOf(repo, report).response?.body).toMatchObject({
    bytes: null,
    bytesRead: 1024 * 1024,
    sha256: null,
    truncated: true,
  });
  expect(sent).toBeLessThan(64 * 1024 * 1024);
});

test('text that a terminal or a reader would not see is written out in messages', async ({ repo }) => {
  const body = JSON.stringify({ status: 'ok\u001b[31m\u202e\u{e0041}' });
  const { url } = await serveOne(200, JSON_TYPE, body);
  const { report } = await smoke(repo, url, {
    profile: probe({ expect: { json: { status: { equals: 'ok' } } } }),
  });
  expect(JSON.stringify(report)).not.toMatch(/\p{Cf}/u);
  expect(checkOf(report).message).toContain('`ok\\u{1b}[31m\\u{202e}\\u{e0041}`');
});
