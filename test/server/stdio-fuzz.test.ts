import fc from 'fast-check';
import { expect } from 'vitest';
import { test as base } from '../support/one-workspace.js';
import { createTestHost } from '../support/serving-host.js';
import { onStreams } from '../support/streams.js';

const test = base;

/** What a line may be that is no request: any bytes but a line feed, JSON that is no message, a message that is malformed. */
const noise = fc.oneof(
  fc
    .uint8Array({ maxLength: 200 })
    .map(bytes => Buffer.from(bytes.filter(byte => byte !== 10 && byte !== 13))),
  fc.json().map(text => Buffer.from(text)),
  fc
    .record(
      {
        jsonrpc: fc.constantFrom('2.0', '1.0', 2, null),
        method: fc.constantFrom('ping', '', 7, null, '__proto__', 'notifications/cancelled'),
        params: fc.jsonValue(),
        result: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map(message => Buffer.from(JSON.stringify(message))),
);

test('whatever else comes in, in whatever pieces, each request is answered once and nothing but messages goes out', async ({
  workspace,
}) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof({ weight: 1, arbitrary: fc.constant('ping' as const) }, { weight: 3, arbitrary: noise }),
        { maxLength: 30 },
      ),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
      async (items, cuts) => {
        const host = createTestHost([workspace]);
        const { stdin, serving, said } = onStreams(host);
        const hello = JSON.stringify({
          jsonrpc: '2.0',
          id: 'hello',
          method: 'initialize',
          params: {
            protocolVersion: '2025-11-25',
            capabilities: {},
            clientInfo: { name: 'fuzz', version: '1' },
          },
        });
        const ids: string[] = [];
        const lines = items.map((item, index) => {
          if (item !== 'ping') return item;
          ids.push(`ping ${index}`);
          return Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: `ping ${index}`, method: 'ping' }));
        });
        const last = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 'last', method: 'ping' }));
        const wire = Buffer.concat(
          [Buffer.from(hello), ...lines, last].flatMap(line => [line, Buffer.from('\n')]),
        );
        for (let at = 0, turn = 0; at < wire.length; turn++) {
          const size = cuts[turn % cuts.length] ?? 1;
          stdin.write(wire.subarray(at, at + size));
          at += size;
        }
        await expect.poll(() => said(), { timeout: 5000, interval: 5 }).toContain('"last"');
        const sent = said()
          .trimEnd()
          .split('\n')
          .map(line => JSON.parse(line));
        for (const message of sent) expect(message).toMatchObject({ jsonrpc: '2.0' });
        for (const id of ['hello', ...ids, 'last'])
          expect(
            sent.filter(message => message.id === id),
            id,
          ).toHaveLength(1);
        await serving.close();
      },
    ),
    { numRuns: 60 },
  );
});
