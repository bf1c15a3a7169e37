import { connect, type Socket } from 'node:net';
import { describe, expect } from 'vitest';
import { ask, modern, TOKEN, test } from '../support/http.js';

const echo = (message: string) => modern('tools/call', { name: 'echo', arguments: { message } });

/** A socket that sends `head` and then nothing; `closed` when the server ends it. */
function hang(port: number, head: string): { closed: Promise<string>; socket: Socket } {
  const socket = connect(port, '127.0.0.1', () => socket.write(head));
  let answer = '';
  socket.setEncoding('utf8').on('data', chunk => {
    answer += chunk;
  });
  const closed = new Promise<string>(resolve => {
    socket.on('close', () => resolve(answer));
    socket.on('error', () => {});
  });
  return { closed, socket };
}

describe('200 clients that never finish their head', () => {
  const hasty = test.override('limits', { headMs: 700 });

  hasty('are all shown out, and others are served meanwhile', async ({ serving }) => {
    const { port, host } = new URL(serving.url);
    const slow = Array.from({ length: 200 }, () =>
      hang(Number(port), `POST /mcp HTTP/1.1\r\nHost: ${host}\r\n`),
    );
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(serving.url, echo(`${n}`))));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const said = await Promise.all(slow.map(({ closed }) => closed));
    expect(said.filter(text => text.startsWith('HTTP/1.1 408 '))).toHaveLength(200);
    expect((await ask(serving.url, echo('after'))).status).toBe(200);
  });
});

test('more connections than are allowed are refused, and those there are work on', async ({ serving }) => {
  const { port, host } = new URL(serving.url);
  const many = Array.from({ length: 300 }, () =>
    hang(Number(port), `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nX-Wait: `),
  );
  await expect
    .poll(() => many.filter(({ socket }) => socket.destroyed || socket.closed).length)
    .toBeGreaterThanOrEqual(44);
  for (const { socket } of many) socket.destroy();
  await Promise.all(many.map(({ closed }) => closed));
  await expect
    .poll(async () => (await ask(serving.url, echo('after')).catch(() => undefined))?.status)
    .toBe(200);
});

test.for([
  ['a head of 20 KB', 431, `X-Large: ${'x'.repeat(20_000)}\r\n\r\n`],
  ['a length and pieces at once', 400, 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['two lengths', 400, 'Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc'],
  ['a length that is no number', 400, 'Content-Length: three\r\n\r\nabc'],
  ['a folded header', 400, 'X-A: a\r\n b\r\n\r\n'],
  ['a line that ends in a bare line feed', 400, 'X-A: a\nX-B: b\r\n\r\n'],
] as const)('%s is refused with %i before anything is done', async ([, status, rest], { serving, host }) => {
  const { port, host: name } = new URL(serving.url);
  const head = `POST /mcp HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\nAuthorization: Bearer ${TOKEN}\r\n`;
  const answer = await hang(Number(port), `${head}Content-Type: application/json\r\n${rest}`).closed;
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(host.logged).toEqual([]);
});
