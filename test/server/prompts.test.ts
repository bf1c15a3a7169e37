import { expect } from 'vitest';
import { prompts } from '../../resources/prompts.js';
import { createHost } from '../../src/server/host.js';
import { tools } from '../../tools/index.js';
import { connectStreams, KINDS } from '../support/clients.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { test } from '../support/workspace.js';

const NAMES = [
  'spec-plan',
  'spec-tasks',
  'spec-implement',
  'spec-validate',
  'spec-audit',
  'spec-unlock',
  'spec-auto',
  'new-spec',
];

test.for(KINDS)(
  'a %s client gets the eight prompts, each with the call that starts it and the packet',
  async (kind, { repo, workspace }) => {
    writePacket(repo);
    const host = createHost({ tools, resources: [], prompts, workspaces: [workspace], log: () => {} });
    const client = await connectStreams(host, kind);
    expect((await client.prompts()).map(({ name }) => name)).toEqual(NAMES);
    const [words, ...documents] = await client.prompt('spec-auto', { specId: SPEC_ID, goal: 'be quick' });
    expect(words).toContain(
      `\`spec_auto\` with exactly these arguments: {"specId":"${SPEC_ID}","goal":"be quick"}`,
    );
    expect(documents).toEqual([`spec-kit://specs/${SPEC_ID}/spec.md`]);
    const [plan] = await client.prompt('spec-plan', { specId: SPEC_ID });
    const called = /`(\w+)` with exactly these arguments: (.*)/.exec(plan ?? '');
    const tool = tools.find(({ name }) => name === called?.[1]);
    expect(tool?.input.safeParse(JSON.parse(called?.[2] ?? '')).success).toBe(true);
    const [fresh] = await client.prompt('new-spec', { title: 'Search', area: '' });
    expect(fresh).toContain('`new_spec` with exactly these arguments: {"title":"Search"}');
    await client.close();
  },
);

test.for([
  ['an unknown prompt', 'spec-deploy', {}, /no such prompt/],
  ['a missing spec id', 'spec-plan', {}, /needs specId/],
  ['an id that climbs', 'spec-plan', { specId: '../x' }, /needs specId/],
  ['an unknown spec', 'spec-plan', { specId: 'SPEC-KIT-404' }, /no packet for SPEC-KIT-404/],
  [
    'an argument it does not have',
    'spec-plan',
    { specId: SPEC_ID, verdict: 'ok' },
    /no argument of that name/,
  ],
  ['a title of nothing', 'new-spec', { title: ' ' }, /needs title/],
] as const)('%s is refused in words', async ([, name, args, words], { repo, workspace }) => {
  writePacket(repo);
  const host = createHost({ tools, resources: [], prompts, workspaces: [workspace], log: () => {} });
  const client = await connectStreams(host, 'modern');
  await expect(client.prompt(name, { ...args })).rejects.toThrow(words);
  await client.close();
});
