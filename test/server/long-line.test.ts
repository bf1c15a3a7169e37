import { expect } from 'vitest';
import { test } from '../support/one-workspace.js';
import { createTestHost } from '../support/serving-host.js';
import { onStreams } from '../support/streams.js';

const MIB = 1024 * 1024;

/** Sends pieces to a server, and what it answered when it ended. */
async function answerTo(host: ReturnType<typeof createTestHost>, pieces: readonly string[], end = true) {
  const { stdin, serving, said } = onStreams(host);
  for (const piece of pieces) {
    stdin.write(piece);
    await new Promise(resolve => setImmediate(resolve));
  }
  if (end) stdin.end();
  return { code: await serving.ended, out: said() };
}

const long = 'x'.repeat(12 * MIB);
const pieces = (text: string, size: number) => {
  const cut: string[] = [];
  for (let at = 0; at < text.length; at += size) cut.push(text.slice(at, at + size));
  return cut;
};

test.for<readonly [string, string, string]>([
  ['at its end', `{"method":"tools/call","params":{"a":"${long}"},"jsonrpc":"2.0","id":7}\n`, '"id":7,'],
  ['at its beginning', `{"jsonrpc":"2.0","id":"a-1","method":"x","params":{"a":"${long}"}}\n`, '"id":"a-1",'],
])('a request too long to be read is refused by its id $0', async ([, text, id], { workspace }) => {
  for (const size of [text.length, MIB, 5 * MIB + 1]) {
    const { code, out } = await answerTo(createTestHost([workspace]), pieces(text, size));
    expect(code).toBe(4);
    expect(out, `in pieces of ${size}`).toContain(id);
    expect(JSON.parse(out)).toMatchObject({ error: { message: expect.stringMatching(/10 MiB.*send less/) } });
  }
});

test.for<readonly [string, string]>([
  ['that has none', `{"method":"tools/call","params":{"a":"${long}"},"jsonrpc":"2.0"}\n`],
  ['that only talks of one', `{"method":"x","params":{"a":"${long}","b":"\\"id\\":7}"}}\n`],
  ['of one inside it', `{"params":{"a":"${long}","b":{"id":7}},"method":"x"}\n`],
  ['that never ends', `{"jsonrpc":"2.0","id":7,"params":{"a":"${long}`],
])('nothing is answered to a line $0', async ([, text], { workspace }) => {
  const { code, out } = await answerTo(createTestHost([workspace]), pieces(text, MIB), text.endsWith('\n'));
  expect([code, out]).toEqual([4, '']);
});
