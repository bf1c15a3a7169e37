import { describe, expect } from 'vitest';
import { connectStreams, KINDS } from '../support/clients.js';
import { test as base } from '../support/one-workspace.js';
import { createTestHost, type TestHost } from '../support/serving-host.js';

const test = base.extend<{ host: TestHost }>({
  host: async ({ workspace }, use) => {
    await use(createTestHost([workspace]));
  },
});

describe.each(KINDS)('a %s client', kind => {
  test('pages through everything exactly once', async ({ host }) => {
    const client = await connectStreams(host, kind);
    const seen: string[] = [];
    let cursor: string | undefined;
    const sizes: number[] = [];
    do {
      const page = await client.list(cursor);
      sizes.push(page.resources.length);
      seen.push(...page.resources.map(entry => entry.uri));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(sizes).toEqual([100, 100, 52]);
    expect(new Set(seen).size).toBe(252);
    expect(seen.slice(0, 3)).toEqual(['test://notes', 'test://notes/one', 'test://numbers/0/0']);
    await client.close();
  });

  test('is listed the rest when one resource cannot be listed', async ({ host }) => {
    host.notes.set('unlistable', '');
    const client = await connectStreams(host, kind);
    const uris = (await client.list()).resources.map(entry => entry.uri);
    expect(uris.slice(0, 2)).toEqual(['test://notes', 'test://numbers/0/0']);
    await client.close();
  });

  test('has a foreign cursor refused', async ({ host }) => {
    const client = await connectStreams(host, kind);
    const forged = Buffer.from('1:forged').toString('base64url');
    await expect(client.list(forged)).rejects.toMatchObject({ code: -32602 });
    const foreign = ['nonsense', 'MTI6'.repeat(5000), Buffer.from('999').toString('base64url')];
    for (const cursor of foreign) {
      await expect(client.list(cursor)).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining('cursor is not one of this server'),
      });
    }
    await client.close();
  });

  test('lists templates, but not the fixed resources among them', async ({ host }) => {
    const client = await connectStreams(host, kind);
    expect((await client.templates()).map(entry => entry.uriTemplate)).toEqual([
      'test://notes/{name}',
      'test://numbers/{tens}/{ones}',
    ]);
    await client.close();
  });

  test('reads a fixed resource and percent-decoded variables', async ({ host }) => {
    host.notes.set('two words', 'second note');
    const client = await connectStreams(host, kind);
    expect(await client.read('test://notes')).toContain('first note');
    expect(await client.read('test://notes/two%20words')).toBe('second note');
    expect(await client.read('test://numbers/12/3')).toBe('123');
    await client.close();
  });

  test('is refused what does not exist or is not a proper name, and told which', async ({ host }) => {
    const client = await connectStreams(host, kind);
    const refused: [string, RegExp][] = [
      ['test://notes/missing', /not found/i],
      ['test://nowhere', /not found/i],
      ['test://notes/', /not found/i],
      ['not a uri', /not found/i],
      ['test://numbers/1/../notes/one', /not found/i],
      ['test://notes/..%2f..%2fetc', /test:\/\/notes\/\{name\}/],
      ['test://notes/%E0%A4%A', /percent-encoding/],
      ['test://numbers/1/x', /ones/],
      ['test://notes/refused', /sealed. Open it first. \(REFUSED\)/],
    ];
    for (const [uri, message] of refused) {
      const error = { code: -32602, message: expect.stringMatching(message) };
      await expect(client.read(uri), uri).rejects.toMatchObject(error);
    }
    await client.close();
  });

  test('sees no inside of a read that fails', async ({ host }) => {
    const client = await connectStreams(host, kind);
    const error = await client.read('test://notes/crash').catch(reason => reason);
    expect(error).toMatchObject({ code: -32603 });
    expect(error.message).not.toContain('secret-folder');
    expect(host.logged.join()).toContain('secret-folder');
    await client.close();
  });

  test('completes every variable, at most a hundred values at a time', async ({ host }) => {
    const client = await connectStreams(host, kind);
    const uri = 'test://numbers/{tens}/{ones}';
    const many = await client.complete(uri, 'tens', '');
    expect(many).toMatchObject({ hasMore: true, total: 150 });
    expect(many.values).toHaveLength(100);
    expect(await client.complete(uri, 'tens', '14')).toMatchObject({ hasMore: false, total: 11 });
    expect((await client.complete(uri, 'ones', '', { tens: 'none' })).values).toEqual([]);
    expect((await client.complete('test://notes/{name}', 'name', 'o')).values).toEqual(['one']);
    expect((await client.complete(uri, 'other', '')).values).toEqual([]);
    await expect(client.complete('test://other/{x}', 'x', '')).rejects.toThrow(/listed resource templates/);
    await client.close();
  });

  test('hears of what others change, by a tool or on disk, and only of what it asked for', async ({
    host,
  }) => {
    const client = await connectStreams(host, kind);
    const writer = await connectStreams(host, 'legacy');
    const heard = await client.follow(['test://notes/one']);
    await writer.call('write_note', { name: 'one', text: 'new text' });
    await expect.poll(() => heard).toContain('test://notes/one');
    expect(heard).toContain('list');
    expect(heard).not.toContain('test://notes');
    heard.length = 0;
    host.notes.set('one', 'changed behind our back');
    await expect.poll(() => heard, { timeout: 5000 }).toEqual(['test://notes/one']);
    await client.close();
    await writer.close();
  });
});
