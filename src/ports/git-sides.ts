import { existsSync } from 'node:fs';
import nodePath from 'node:path';
import { SpecError } from '../errors.js';
import type { Git, GitSides, StoredVersion } from '../workspace/git.js';

type Raw = (...args: string[]) => Promise<string>;

const OBJECT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** What the sides of a merge hold, finished or not. */
export function createSides(raw: Raw, gitFolder: string): GitSides {
  return {
    unmerged: async folder =>
      (await raw('ls-files', '--unmerged', '-z', '--', folder)).split('\0').flatMap(unmergedEntry),
    others: () => others(raw, gitFolder),
    filesAt: async (commit, folder) => {
      assertObject(commit);
      return (await raw('ls-tree', '-r', '-z', commit, '--', `${folder}/`)).split('\0').flatMap(treeEntry);
    },
    text: async (id, maxBytes) => {
      assertObject(id);
      const size = Number(await raw('cat-file', '-s', id));
      return size > maxBytes ? undefined : raw('cat-file', 'blob', id);
    },
  };
}

/** Commits that were, or are being, merged: our side, too, because somebody may have taken the other one. */
async function others(raw: Raw, gitFolder: string): Promise<readonly string[]> {
  const [head = '', ...parents] = (await raw('rev-list', '--parents', '--max-count=1', 'HEAD'))
    .trim()
    .split(' ');
  const begun = existsSync(nodePath.join(gitFolder, 'MERGE_HEAD'))
    ? [head, (await raw('rev-parse', '--verify', 'MERGE_HEAD^{commit}')).trim()]
    : [];
  const merged = parents.length > 1 ? parents : [];
  return [...new Set([...begun, ...merged])].filter(id => OBJECT.test(id));
}

/** `<mode> <id> <stage> TAB <path>` */
function unmergedEntry(entry: string): (StoredVersion & { readonly stage: number })[] {
  const [, id, stage, path] = /^\d+ ([0-9a-f]+) (\d)\t([\s\S]+)$/.exec(entry) ?? [];
  return id === undefined || path === undefined ? [] : [{ path, id, stage: Number(stage) }];
}

/** `<mode> blob <id> TAB <path>` */
function treeEntry(entry: string): StoredVersion[] {
  const [, id, path] = /^\d+ blob ([0-9a-f]+)\t([\s\S]+)$/.exec(entry) ?? [];
  return id === undefined || path === undefined ? [] : [{ path, id }];
}

/** A key is ours, in letters and dashes. `--no-show-signature`: the repository's configuration must not make git run gpg. */
export async function trailers(raw: Raw, key: string): ReturnType<Git['trailers']> {
  const format = `--format=%H %(trailers:key=${key},valueonly,separator=%x09)`;
  const having = `--grep=^${key}: `;
  // Most histories have none, and simple-git waits 50 ms for more when a command prints nothing, as log would then.
  if ((await raw('rev-list', '--count', '--max-count=1', having, 'HEAD')).trim() === '0') return [];
  const only = ['--max-count=1000', having, '--no-show-signature', '--no-color', '--no-notes'];
  const output = await raw('log', ...only, format, 'HEAD');
  return output.split('\n').flatMap(line => {
    const [commit = '', ...rest] = line.split(' ');
    const values = rest.join(' ').split('\t').filter(Boolean);
    return OBJECT.test(commit) ? values.map(value => ({ commit, value: value.trim() })) : [];
  });
}

function assertObject(id: string): void {
  if (!OBJECT.test(id))
    throw new SpecError('GIT_UNAVAILABLE', 'git was asked for something that is no object.');
}
