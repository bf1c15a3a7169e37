import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { tools } from '../../tools/index.js';
import { PROGRAM } from '../support/cli.js';
import { connectProcess } from '../support/clients.js';
import { SPEC_ID, writeFullPacket } from '../support/packet.js';
import { runStage } from '../support/stage.js';
import { test } from '../support/workspace.js';

/** Mounts the folder `$0` on itself, read-only, for the program that follows alone. */
const READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" && exec "$@"';
const inside = (root: string, ...command: string[]) => ['-m', 'sh', '-c', READ_ONLY, root, ...command];

/** Needs the right to mount: a person in a container, or CI, often has none. */
function canMount(): boolean {
  try {
    execFileSync('unshare', inside('/mnt', 'true'), { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Names, kinds, sizes, times and bytes of everything in a folder. */
function digestOf(root: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = path.join(root, name);
    const stat = lstatSync(file);
    hash.update(`${name}\0${stat.mode}\0${stat.mtimeMs}\0`);
    if (stat.isFile()) hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}

const calls: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  lint_tasks: [{}, { specId: SPEC_ID }, { profile: 'origin' }],
  spec_status: [{}, { specId: SPEC_ID }],
  verify_evidence: [{}, { specId: SPEC_ID }],
};
const reading = tools.filter(({ annotations }) => annotations.readOnlyHint).map(({ name }) => name);

test.skipIf(!canMount())(
  'every tool that says it only reads works on a read-only mount',
  async ({ repo }) => {
    writeFullPacket(repo);
    await runStage(repo, 'plan');
    const before = digestOf(repo.root);
    const args = inside(repo.root, process.execPath, PROGRAM, 'serve');
    const client = await connectProcess('unshare', args, 'modern');
    try {
      for (const name of reading) {
        for (const call of calls[name] ?? [{ specId: SPEC_ID }])
          expect([name, await client.call(name, call)]).toEqual([
            name,
            expect.objectContaining({ isError: false }),
          ]);
      }
      const written = await client.call('write_evidence', { specId: SPEC_ID, name: 'a.txt', content: 'x' });
      expect([written.isError, written.text]).toEqual([true, expect.stringContaining('read-only')]);
    } finally {
      await client.close();
    }
    expect(digestOf(repo.root)).toBe(before);
  },
);

test('every tool that says it only reads leaves the workspace as it was', async ({ repo, workspace }) => {
  writeFullPacket(repo);
  await runStage(repo, 'plan');
  const before = digestOf(repo.root);
  expect(reading.length).toBeGreaterThan(2);
  for (const tool of tools.filter(({ annotations }) => annotations.readOnlyHint))
    for (const call of calls[tool.name] ?? [{ specId: SPEC_ID }])
      await tool.run(tool.input.parse(call), {
        workspace,
        signal: new AbortController().signal,
        progress: async () => {},
      });
  expect(digestOf(repo.root)).toBe(before);
});
