import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { chooseWorkspace } from '../../src/server/choose-workspace.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { connectStreams } from '../support/clients.js';
import { test as base } from '../support/one-workspace.js';
import { createTestHost } from '../support/serving-host.js';

/** Three folders of the same repository stand for three workspaces: only their names matter here. */
const test = base.extend<{ three: readonly [Workspace, Workspace, Workspace] }>({
  three: async ({ repo, workspace }, use) => {
    const open = (name: string): Workspace => {
      const root = path.join(repo.root, name);
      mkdirSync(root, { recursive: true });
      return { ...workspace, root, label: `~/${name}` };
    };
    await use([open('alpha'), open('left/shared'), open('right/shared')]);
  },
});

describe('a call works in', () => {
  test('the first workspace when it names none', ({ three }) => {
    expect(chooseWorkspace(three, undefined)).toBe(three[0]);
  });

  test('the one it names by label, by root, or by a folder name only one has', ({ three }) => {
    const [alpha, , right] = three;
    expect(chooseWorkspace(three, '~/right/shared')).toBe(right);
    expect(chooseWorkspace(three, right.root)).toBe(right);
    expect(chooseWorkspace(three, `${right.root}/`)).toBe(right);
    expect(chooseWorkspace(three, 'alpha')).toBe(alpha);
  });

  test('no other one, and the refusal names those allowed', ({ three }) => {
    const [alpha] = three;
    const foreign = [
      '/',
      '/etc',
      '..',
      '',
      'lef',
      `${alpha.root}/../../etc`,
      path.dirname(alpha.root),
      'Alpha',
    ];
    for (const named of foreign) {
      expect(() => chooseWorkspace(three, named), named).toThrow(
        /not started with it\. Allowed: ~\/alpha, ~\/left\/shared, ~\/right\/shared/,
      );
    }
    expect(() => chooseWorkspace(three, 'shared')).toThrow(/several workspaces have that folder name/);
  });

  test('what a client names, and is told when that is not allowed', async ({ three }) => {
    const host = createTestHost(three);
    const client = await connectStreams(host, 'modern');
    const right = await client.call('echo', { message: 'x', workspace: '~/right/shared' });
    expect(right.structured).toMatchObject({ workspace: '~/right/shared' });
    const foreign = await client.call('echo', { message: 'x', workspace: '/etc' });
    expect(foreign).toMatchObject({ isError: true, structured: undefined });
    expect(foreign.text).toMatch(/~\/alpha.*\(WORKSPACE_NOT_ALLOWED\)$/);
    await client.close();
  });

  test('another workspace than the default announces no change of the default one', async ({ three }) => {
    const client = await connectStreams(createTestHost(three), 'legacy');
    const heard = await client.follow(['test://notes/a', 'test://notes/b']);
    await client.call('write_note', { name: 'a', text: 'x', workspace: '~/right/shared' });
    await client.call('write_note', { name: 'b', text: 'x' });
    await expect.poll(() => heard).toContain('test://notes/b');
    expect(heard).not.toContain('test://notes/a');
    await client.close();
  });
});
