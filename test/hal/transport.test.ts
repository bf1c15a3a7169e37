import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { expect, onTestFinished } from 'vitest';
import { certificate } from '../support/certificate.js';
import {
  captureOf,
  checkOf,
  closedPort,
  listen,
  portOf,
  probe,
  serveHttp,
  serveOne,
  serveRaw,
  smoke,
  verdictOn,
} from '../support/hal.js';
import { test } from '../support/workspace.js';

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n';

test('a closed port is refused, with a capture that holds the error and no answer', async ({ repo }) => {
  const port = await closedPort();
  const { report } = await smoke(repo, `http://127.0.0.1:${port}`, { profile: probe() });
  expect(report.outcome).toBe('failed');
  expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'refused' });
  expect(checkOf(report).httpStatus).toBeUndefined();
  expect(captureOf(repo, report)).toMatchObject({
    response: null,
    error: {
      cause: 'refused',
      message: 'The server refused the connection; nothing listens there (ECONNREFUSED).',
    },
    attempts: 1,
  });
});

test.for([
  ['shorter than its content-length', `${HEAD}content-length: 100\r\n\r\nonly this`],
  ['cut off in its chunks', `${HEAD}transfer-encoding: chunked\r\n\r\nff\r\nonly this`],
  ['cut off in its headers', 'HTTP/1.1 200 OK\r\ncontent-ty'],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['empty', ''],
  ['of two lengths', `${HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\nabc`],
  ['of a length and chunks', `${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['all headers', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`],
  ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
] as const)('an answer that is %s fails with cause connection', async ([, bytes]) => {
  const url = await serveRaw(socket => socket.end(bytes));
  expect((await verdictOn(url, {})).cause).toBe('connection');
});

test('what came of a truncated body is in the capture, and it is not called whole', async ({ repo }) => {
  const url = await serveRaw(socket => socket.end(`${HEAD}content-length: 100\r\n\r\nonly this`));
  const { report } = await smoke(repo, url, { profile: probe() });
  expect(captureOf(repo, report).response?.body).toMatchObject({
    text: 'only this',
    bytes: null,
    bytesRead: 9,
    sha256: null,
    truncated: true,
  });
});

test('a body longer than its content-length is read to that length, where the JSON is broken', async ({
  repo,
}) => {
  const url = await serveRaw(socket =>
    socket.end(
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n{"status":"ok"}',
    ),
  );
  const { report } = await smoke(repo, url, { profile: probe() });
  expect(checkOf(report).status).toBe('failed');
});

test('one byte at a time runs into the time of the check, not past it', async ({ repo }) => {
  const url = await serveRaw(socket => {
    socket.write(`${HEAD}content-length: 1000\r\n\r\n`);
    const drip = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => clearInterval(drip));
  });
  const { report } = await smoke(repo, url, { profile: probe(), toml: '[hal]\ntimeout = "200ms"\n' });
  expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'timeout', httpStatus: 200 });
  expect(checkOf(report).message).toContain('did not answer completely within 200 ms, after the status 200');
  expect(captureOf(repo, report).response?.body.text).toMatch(/^x+$/);
});

test('all checks together have a deadline; those that never began did not run', async ({ repo }) => {
  const url = await serveRaw(() => {});
  const names = Array.from({ length: 10 }, (_, index) => `c${index}`);
  const profile = Object.fromEntries(names.map(name => [name, { method: 'GET', path: '/' }]));
  const { report } = await smoke(repo, url, { profile, toml: '[hal]\ndeadline = "200ms"\n' });
  const by = (status: string) => report.checks.filter(check => check.status === status);
  expect(by('failed')).toHaveLength(8);
  expect(by('not_run')).toHaveLength(2);
  expect(report.checks.every(({ cause }) => cause === 'timeout')).toBe(true);
});

test('a cancelled run is incomplete, and says of each check that it was not to its end', async ({ repo }) => {
  const abort = new AbortController();
  const url = await serveRaw(() => abort.abort());
  const { report } = await smoke(repo, url, { profile: probe(), signal: abort.signal });
  expect(report.outcome).toBe('incomplete');
  expect(checkOf(report)).toMatchObject({ status: 'not_run', cause: 'cancelled' });
  expect(report.hal.summary.status).toBe('skipped');
});

test.for([
  ['another origin', () => serveOne(200, {}, 'secret place')],
  ['the metadata address', async () => ({ url: 'http://169.254.169.254/latest/meta-data/', asked: [] })],
] as const)(
  'a redirect to %s is not followed, and what it would have got stays here',
  async ([, elsewhere], { repo }) => {
    const other = await elsewhere();
    const { url, asked } = await serveOne(307, { location: other.url });
    const profile = probe({
      method: 'POST',
      headers: { 'X-Api-Key': '{secrets.KAVEDARR_API_KEY}' },
      body: { a: 1 },
    });
    const { report } = await smoke(repo, url, { profile });
    expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'status', httpStatus: 307 });
    expect(checkOf(report).message).toContain('redirects are not followed');
    expect(asked).toHaveLength(1);
    expect(other.asked).toHaveLength(0);
  },
);

test('a self-signed certificate fails with cause tls, before anything is sent', async ({ repo }) => {
  let asked = 0;
  const server = createTlsServer(certificate(), (_, response) => {
    asked++;
    response.end('ok');
  });
  onTestFinished(() => server.closeAllConnections());
  await listen(server);
  const profile = probe({ headers: { 'X-Api-Key': '{secrets.KAVEDARR_API_KEY}' } });
  const { report } = await smoke(repo, `https://127.0.0.1:${portOf(server)}`, { profile });
  expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'tls' });
  expect(checkOf(report).message).toContain('self-signed');
  expect(asked).toBe(0);
});

test('http where https is configured fails with cause tls', async ({ repo }) => {
  const { url } = await serveOne(200, {});
  const { report } = await smoke(repo, url.replace('http:', 'https:'), { profile: probe() });
  expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'tls' });
});

test('IPv6 loopback and localhost are served like 127.0.0.1', async ({ repo }) => {
  const six = await serveHttp((_, response) => response.end('ok'), '::1');
  const { report } = await smoke(repo, six, { profile: probe() });
  expect(report.outcome).toBe('passed');
  expect(captureOf(repo, report).address).toBe('::1');
  const { url } = await serveOne(200, {}, 'ok');
  const { report: named } = await smoke(repo, url.replace('127.0.0.1', 'localhost'), { profile: probe() });
  expect(named.outcome).toBe('passed');
});

test('a host that does not resolve fails with cause dns', async ({ repo }) => {
  const toml = '[hal]\nallow_hosts = ["no-such-host.invalid"]\n';
  const { report } = await smoke(repo, 'http://no-such-host.invalid:7878', { profile: probe(), toml });
  expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'dns' });
  expect(captureOf(repo, report)).toMatchObject({ response: null, address: null });
});

test('a refused connection is tried again as often as the check says, and nothing else is', async ({
  repo,
}) => {
  const port = await closedPort();
  const { report } = await smoke(repo, `http://127.0.0.1:${port}`, { profile: probe({ retry: 2 }) });
  expect(captureOf(repo, report)).toMatchObject({ attempts: 3, error: { cause: 'refused' } });
  const { url, asked } = await serveOne(503, {});
  await smoke(repo, url, { profile: probe({ retry: 2 }) });
  expect(asked).toHaveLength(1);
});

test('a service that comes up while a check is tried again passes it', async ({ repo }) => {
  const port = await closedPort();
  const server = createHttpServer((_, response) => response.end('up'));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const soon = setTimeout(() => server.listen(port, '127.0.0.1'), 300);
  onTestFinished(() => clearTimeout(soon));
  const { report } = await smoke(repo, `http://127.0.0.1:${port}`, { profile: probe({ retry: 20 }) });
  expect(report.outcome).toBe('passed');
  expect(captureOf(repo, report).attempts).toBeGreaterThan(1);
});

test('no proxy is asked, whatever the environment says', async ({ repo }) => {
  const { url: proxy, asked } = await serveOne(200, {});
  const { url } = await serveOne(200, {}, 'direct');
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) process.env[name] = proxy;
  onTestFinished(() => {
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) delete process.env[name];
  });
  const { report } = await smoke(repo, url, { profile: probe() });
  expect(captureOf(repo, report).response?.body.text).toBe('direct');
  expect(asked).toHaveLength(0);
});

test('each check has a connection of its own, closed when it is done', async ({ repo }) => {
  const connections: Promise<unknown>[] = [];
  const server = createHttpServer((_, response) => response.end('ok'));
  server.on('connection', socket => connections.push(once(socket, 'close')));
  const url = await listen(server);
  const { report } = await smoke(repo, url, { profile: { a: probe().probe, b: probe().probe } });
  expect(report.outcome).toBe('passed');
  expect(connections).toHaveLength(2);
  await Promise.all(connections);
});
