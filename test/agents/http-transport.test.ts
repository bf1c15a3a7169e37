import { createServer as createTlsServer } from 'node:https';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished } from 'vitest';
import { ANSWER, APIS, ask, httpToml, serveAnswer, serveProvider } from '../support/agents.js';
import { certificate } from '../support/certificate.js';
import { closedPort, listen, portOf, serveRaw } from '../support/hal.js';
import { test } from '../support/workspace.js';

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{';

test.for([
  ['hangs before its headers', '', 'timeout'],
  ['hangs in its body', HEAD, 'timeout'],
  ['drips', 'drip', 'timeout'],
  ['ends in its body', `${HEAD}end`, 'connection'],
  ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.2\r\nend', 'connection'],
] as const)('a server that %s is tried twice: %s', async ([, bytes, code], { repo }) => {
  let connections = 0;
  const url = await serveRaw(socket => {
    connections++;
    if (bytes !== 'drip') {
      if (bytes.endsWith('end')) socket.end(bytes.slice(0, -3));
      else if (bytes !== '') socket.write(bytes);
      return;
    }
    socket.write(HEAD);
    const drip = setInterval(() => socket.write(' '), 20);
    socket.on('close', () => clearInterval(drip));
  });
  const { answer } = await ask(repo, httpToml('gemini', url, 'timeout = "800ms"\n'));
  expect(answer).toMatchObject({ text: null, failure: { code } });
  expect(answer.attempts).toHaveLength(2);
  expect(connections).toBe(2);
});

test('a refused connection is tried twice, and says what to check', async ({ repo }) => {
  const url = `http://127.0.0.1:${await closedPort()}`;
  const { answer } = await ask(repo, httpToml('chat-completions', url));
  expect(answer.failure).toEqual({
    code: 'connection',
    message: `${new URL(url).host} refused the connection; nothing listens there (ECONNREFUSED). Check base_url under [agents.gpt_pro] and the network.`,
  });
  expect(answer.attempts).toHaveLength(2);
});

test('a certificate that cannot be verified is tried once, and gets no byte of ours', async ({ repo }) => {
  let asked = 0;
  const server = createTlsServer(certificate(), () => asked++);
  onTestFinished(() => server.closeAllConnections());
  await listen(server);
  const { answer } = await ask(repo, httpToml('openai-responses', `https://127.0.0.1:${portOf(server)}`));
  expect(answer.failure).toMatchObject({ code: 'config', message: expect.stringContaining('self-signed') });
  expect(answer.attempts).toHaveLength(1);
  expect(asked).toBe(0);
});

test.for([
  ['HTML', { 'content-type': 'text/html' }, '<!doctype html><p>Sign in', 'malformed', 'sent HTML'],
  ['nothing', {}, '', 'malformed', 'sent something else'],
  ['broken JSON', {}, '{"id": "x", ', 'malformed', 'sent something else'],
  ['bytes that are no UTF-8', {}, Buffer.from([0x22, 0xff, 0x22]), 'malformed', 'sent something else'],
  ['other JSON', {}, '{"data":[]}', 'malformed', 'sent other JSON'],
  ['null', {}, 'null', 'malformed', 'sent other JSON'],
  ['a list', {}, '[]', 'malformed', 'sent other JSON'],
  [
    'wrong types',
    {},
    '{"choices":{"0":1},"output":7,"content":"x","candidates":1}',
    'malformed',
    'sent other JSON',
  ],
  ['gzip', { 'content-encoding': 'gzip' }, gzipSync('{}'), 'malformed', 'encoded body'],
  ['9 MB', {}, Buffer.alloc(9 * 1024 * 1024, 32), 'too_large', 'no more was read'],
] as const)('an answer of %s is %s, not tried again', async ([, headers, body, code, words], { repo }) => {
  for (const api of APIS) {
    const { url, seen } = await serveProvider((_, response) => response.writeHead(200, headers).end(body));
    const { answer } = await ask(repo, httpToml(api, url));
    expect(answer.failure).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(seen).toHaveLength(1);
  }
});

test('a redirect is not followed, and what it would have got stays here', async ({ repo }) => {
  const other = await serveAnswer('openai-responses', ANSWER);
  const { url, seen } = await serveProvider((_, response) =>
    response.writeHead(307, { location: `${other.url}/v1/responses` }).end(),
  );
  const { answer } = await ask(repo, httpToml('openai-responses', url));
  expect(answer.failure).toMatchObject({ code: 'config', message: expect.stringContaining('redirects') });
  expect([seen.length, other.seen.length]).toEqual([1, 0]);
});
