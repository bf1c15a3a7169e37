import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { expect, test } from 'vitest';
import type { Address } from '../../src/ports/addresses.js';
import { createSendRequest } from '../../src/ports/http.js';
import type { HttpRequest } from '../../src/workspace/http.js';
import { listen, portOf, serveOne } from '../support/hal.js';

const request = (origin: string, over: Partial<HttpRequest> = {}): HttpRequest => ({
  origin,
  method: 'GET',
  path: '/',
  headers: {},
  body: undefined,
  timeoutMs: 5000,
  maxBodyBytes: 1000,
  signal: new AbortController().signal,
  ...over,
});

/** Resolves when the one connection that comes has been closed, with or without an error. */
async function connectionClosed(server: Server): Promise<void> {
  await new Promise<void>(resolve => {
    server.once('connection', socket => socket.on('error', () => {}).once('close', () => resolve()));
  });
}

const four = (address: string): Address => ({ address, family: 4 });

test('a name is looked up once, and the address that was looked at is the one that is connected to', async () => {
  const { url, asked } = await serveOne(200, {}, 'ok');
  const answers = [[four('127.0.0.1')], [four('169.254.169.254')]];
  let looked = 0;
  const send = createSendRequest(async () => answers[looked++] ?? []);
  const { response, address } = await send(request(url.replace('127.0.0.1', 'localhost')));
  expect([response?.status, address, looked, asked.length]).toEqual([200, '127.0.0.1', 1, 1]);
});

test.for([
  ['a public name', 'api.example', ['127.0.0.1'], 'a loopback, link-local or otherwise special address'],
  ['a public name with one bad address', 'api.example', ['192.0.2.1', '169.254.169.254'], '169.254.169.254'],
  ['localhost', 'localhost', ['192.0.2.1'], 'which is not this machine'],
] as const)('%s that leads where it should not is not connected to', async ([, host, addresses, words]) => {
  const { url, asked } = await serveOne(200, {});
  const send = createSendRequest(async () => addresses.map(four));
  const { response, failure, address } = await send(request(url.replace('127.0.0.1', host)));
  expect(response).toBeUndefined();
  expect(failure?.cause).toBe('dns');
  expect(failure?.reason).toContain(words);
  expect([address, asked.length]).toEqual([undefined, 0]);
});

test('a look-up that hangs runs into the time of the request', async () => {
  const send = createSendRequest(() => new Promise(() => {}));
  const { failure } = await send(request('http://api.example', { timeoutMs: 50 }));
  expect(failure?.cause).toBe('timeout');
});

test('an aborted request says so and leaves no connection', async () => {
  const abort = new AbortController();
  const server = createServer(() => abort.abort());
  const closed = connectionClosed(server);
  const url = await listen(server);
  const { failure } = await createSendRequest()(request(url, { signal: abort.signal }));
  expect(failure?.cause).toBe('cancelled');
  await closed;
});

test('a body over the limit is cut there and the connection closed', async () => {
  const server = createServer((_, response) => {
    response.on('error', () => {});
    const more = () =>
      void (response.destroyed || response.write('x'.repeat(50_000), () => setImmediate(more)));
    more();
  });
  const closed = connectionClosed(server);
  const url = await listen(server);
  const { response, failure } = await createSendRequest()(request(url));
  expect(response).toMatchObject({ status: 200, bodyEnd: 'cut' });
  expect([response?.body.length, failure]).toEqual([1000, undefined]);
  await closed;
});

test('a header that HTTP cannot carry is never put on the wire', async () => {
  const { url, asked } = await serveOne(200, {});
  const { failure } = await createSendRequest()(request(url, { headers: { 'x-a': 'b\r\nx-evil: 1' } }));
  expect(failure?.cause).toBe('connection');
  expect(failure?.reason).not.toContain('evil');
  expect(asked).toHaveLength(0);
});

test('only headers that were asked for are sent, beside those of the connection', async () => {
  const { url, asked } = await serveOne(200, {});
  await createSendRequest()(request(url, { method: 'POST', headers: { 'x-a': '1' }, body: 'text' }));
  expect(asked[0]?.headers).toEqual({
    accept: '*/*',
    'accept-encoding': 'identity',
    connection: 'close',
    'content-length': '4',
    host: new URL(url).host,
    'x-a': '1',
  });
});

test('a port that nothing listens on is refused at once', async () => {
  const server = createServer();
  await listen(server);
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  const { failure, address } = await createSendRequest()(request(`http://localhost:${port}`));
  expect(failure?.cause).toBe('refused');
  expect(address).toBeUndefined();
});
