import { describe, expect } from 'vitest';
import { connectHttp, KINDS } from '../support/clients.js';
import { ask, modern, TOKEN, test } from '../support/http.js';

describe.each(KINDS)('a %s client over HTTP', kind => {
  test('lists, calls, reads, pages and completes', async ({ serving }) => {
    const client = await connectHttp(serving.url, kind, TOKEN);
    expect(await client.tools()).toHaveLength(5);
    const echoed = await client.call('echo', { message: 'hi' });
    expect(JSON.parse(echoed.text)).toEqual(echoed.structured);
    expect(await client.read('test://notes/one')).toBe('first note');
    const page = await client.list();
    expect(page.resources).toHaveLength(100);
    expect((await client.list(page.nextCursor)).resources).toHaveLength(100);
    expect(await client.templates()).toHaveLength(2);
    expect((await client.complete('test://notes/{name}', 'name', 'o')).values).toEqual(['one']);
    await client.close();
  });

  test('hears of progress and is told what failed', async ({ serving, host }) => {
    const client = await connectHttp(serving.url, kind, TOKEN);
    const steps: number[] = [];
    await client.call('work', { steps: 20, everyMs: 1 }, { onprogress: step => steps.push(step.progress) });
    expect(steps[0]).toBe(1);
    expect(steps.at(-1)).toBe(20);
    expect((await client.call('fail', { how: 'expected' })).text).toContain('NOT_FOUND');
    expect((await client.call('fail', { how: 'crash' })).text).not.toContain('secret-folder');
    expect(host.logged.join()).toContain('secret-folder');
    await client.close();
  });

  test('stops the work when it cancels', async ({ serving, host }) => {
    const client = await connectHttp(serving.url, kind, TOKEN);
    const cancel = new AbortController();
    const call = client.call(
      'work',
      { steps: 2, everyMs: 600_000 },
      { signal: cancel.signal, onprogress: () => cancel.abort('enough') },
    );
    await expect(call).rejects.toThrow();
    await expect.poll(() => host.aborted).toEqual(['work']);
    await client.close();
  });

  test('hears of changes made by a client of another era, and on disk', async ({ serving, host }) => {
    const client = await connectHttp(serving.url, kind, TOKEN);
    const writer = await connectHttp(serving.url, kind === 'modern' ? 'v1' : 'modern', TOKEN);
    const heard = await client.follow(['test://notes/one']);
    // The stream a legacy client hears on is opened beside the request that asks for it.
    await expect
      .poll(async () => {
        await writer.call('write_note', { name: 'one', text: 'again' });
        return heard;
      })
      .toContain('test://notes/one');
    await writer.call('write_note', { name: 'new', text: 'new' });
    await expect.poll(() => heard).toContain('list');
    expect(heard).not.toContain('test://notes');
    heard.length = 0;
    host.notes.set('one', 'changed behind our back');
    await expect.poll(() => heard, { timeout: 5000 }).toContain('test://notes/one');
    await client.close();
    await writer.close();
  });
});

describe.each(KINDS)('fifty %s clients with the same request ids', kind => {
  test('each get their own answers', async ({ serving }) => {
    const clients = await Promise.all(
      Array.from({ length: 50 }, () => connectHttp(serving.url, kind, TOKEN)),
    );
    const answers = await Promise.all(
      clients.flatMap((client, number) =>
        [1, 2, 3].map(async round => {
          const message = `client ${number} round ${round}`;
          const { structured } = await client.call('echo', { message });
          return [message, structured] as const;
        }),
      ),
    );
    for (const [message, structured] of answers) expect(structured).toMatchObject({ message });
    await Promise.all(clients.map(client => client.close()));
  });
});

test('answers a modern request without a session, and a health check without a token', async ({
  serving,
}) => {
  const answer = await ask(serving.url, modern('tools/call', { name: 'echo', arguments: { message: 'hi' } }));
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
  expect(answer.headers['mcp-session-id']).toBeUndefined();
  expect(JSON.parse(answer.text)).toMatchObject({ result: { structuredContent: { message: 'hi' } } });
  const health = await ask(serving.url, {
    method: 'GET',
    path: '/healthz',
    headers: { authorization: undefined },
  });
  expect(health).toMatchObject({ status: 200, text: '{"ok":true}' });
});
