import { describe, expect } from 'vitest';
import { connectStreams, KINDS } from '../support/clients.js';
import { test as base } from '../support/one-workspace.js';
import { createTestHost, type TestHost } from '../support/serving-host.js';

const test = base.extend<{ host: TestHost }>({
  host: async ({ workspace }, use) => {
    await use(createTestHost([workspace]));
  },
});

describe.each(KINDS)('a %s client over stdio', kind => {
  test('lists the tools with slim schemas', async ({ host }) => {
    const client = await connectStreams(host, kind);
    const tools = await client.tools();
    expect(tools.map(tool => tool.name)).toEqual(['echo', 'sloppy', 'fail', 'work', 'write_note']);
    expect(tools[0]?.inputSchema).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: { times: { type: 'integer' } },
    });
    expect(tools[0]?.outputSchema).toMatchObject({ type: 'object' });
    expect(JSON.stringify(tools)).not.toMatch(/\$schema|9007199254740991/);
    expect(client.instructions()).toMatch(/^Runs the checks/);
    await client.close();
  });

  test('gets text that is the JSON of the structured content, with a link to the resource', async ({
    host,
  }) => {
    const client = await connectStreams(host, kind);
    const echoed = await client.call('echo', { message: 'hi', times: 2 });
    expect(echoed).toMatchObject({ isError: false, structured: { message: 'hi', times: 2 } });
    expect(JSON.parse(echoed.text)).toEqual(echoed.structured);
    expect(echoed.content).toHaveLength(1);
    const noted = await client.call('write_note', { name: 'two', text: 'second' });
    expect(noted.content[1]).toMatchObject({ type: 'resource_link', uri: 'test://notes/two' });
    await client.close();
  });

  test('gets exactly what the output schema says', async ({ host }) => {
    const client = await connectStreams(host, kind);
    const { structured } = await client.call('sloppy');
    expect(structured).toEqual({ kept: 'yes', filled: 'by default' });
    await client.close();
  });

  test('is told which argument is wrong', async ({ host }) => {
    const client = await connectStreams(host, kind);
    const unknown = await client.call('echo', { message: 'hi', mesage: 'typo' });
    expect(unknown).toMatchObject({ isError: true, structured: undefined });
    expect(unknown.text).toMatch(
      /there is no argument "mesage"\. Its arguments are: .*message, times, items, workspace/,
    );
    const type = await client.call('echo', { message: 'hi', times: 'many' });
    expect(type.text).toMatch(/times must be of type number, not string/);
    await client.close();
  });

  test('gets an expected failure as text only, and no inside of an unexpected one', async ({ host }) => {
    const client = await connectStreams(host, kind);
    const expected = await client.call('fail', { how: 'expected' });
    expect(expected).toMatchObject({ isError: true, structured: undefined });
    expect(expected.text).toBe('There is no such row. List the rows first. (NOT_FOUND)');
    for (const how of ['crash', 'shape']) {
      const crash = await client.call('fail', { how });
      expect(crash).toMatchObject({ isError: true, structured: undefined });
      expect(crash.text).not.toMatch(/secret-folder|ENOENT|expected|\bat /);
      const id = /under ([0-9a-f]{8})/.exec(crash.text)?.[1];
      expect(host.logged.filter(line => line.startsWith(`[${id}] fail: `))).toHaveLength(1);
    }
    await client.close();
  });

  test('hears of progress, the first and the last step always', async ({ host }) => {
    const client = await connectStreams(host, kind);
    for (let round = 0; round < 5; round++) {
      const steps: number[] = [];
      await client.call('work', { steps: 40, everyMs: 1 }, { onprogress: step => steps.push(step.progress) });
      expect(steps[0]).toBe(1);
      expect(steps.at(-1)).toBe(40);
      expect(steps.length).toBeLessThan(10);
    }
    await client.close();
  });

  test('stops the work when it cancels, and is served on', async ({ host }) => {
    const client = await connectStreams(host, kind);
    const cancel = new AbortController();
    const call = client.call(
      'work',
      { steps: 100, everyMs: 50 },
      { signal: cancel.signal, onprogress: () => cancel.abort('enough') },
    );
    await expect(call).rejects.toThrow();
    await expect.poll(() => host.aborted).toEqual(['work']);
    expect((await client.call('echo', { message: 'still here' })).isError).toBe(false);
    expect(host.logged).toEqual([]);
    await client.close();
  });
});
