import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import nodePath from 'node:path';

/** A tracked file as `git ls-files --stage -v` lists it: a tag, the mode, the id of its blob, the stage, its path. */
export interface IndexEntry {
  readonly tag: string;
  readonly mode: string;
  readonly id: string;
  readonly path: string;
}

export function parseEntry(entry: string): readonly IndexEntry[] {
  const [, tag, mode, id, path] = /^(\S) (\d{6}) ([0-9a-f]{40,64}) \d\t([\s\S]+)$/.exec(entry) ?? [];
  if (tag === undefined || mode === undefined || id === undefined || path === undefined) return [];
  return [{ tag, mode, id, path }];
}

/**
 * Files that git was told not to look at (`update-index --assume-unchanged`, `--skip-worktree`) and that differ all the same:
 * status is silent about them. A file that is not there is none where a sparse checkout leaves files out.
 */
export function hiddenChanges(
  root: string,
  entries: readonly IndexEntry[],
  isSparse: boolean,
): readonly string[] {
  return entries.flatMap(({ tag, mode, id, path }) => {
    const skipped = isSkipped(tag);
    const isUnwatched = skipped || tag !== tag.toUpperCase();
    if (!isUnwatched || mode === '160000') return [];
    const now = blobId(nodePath.join(root, path), id.length === 40 ? 'sha1' : 'sha256');
    return now === id || (now === undefined && skipped && isSparse) ? [] : [path];
  });
}

/** How many files git was told to leave out, and that are not there. */
export function missing(root: string, entries: readonly IndexEntry[]): number {
  return entries.filter(({ tag, path }) => isSkipped(tag) && !fs.existsSync(nodePath.join(root, path)))
    .length;
}

function isSkipped(tag: string): boolean {
  return tag.toUpperCase() === 'S';
}

/** As git names the bytes as they lie there, without conversion; undefined when there is no such file. */
function blobId(full: string, algorithm: 'sha1' | 'sha256'): string | undefined {
  const stat = fs.lstatSync(full, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const hash = createHash(algorithm);
  if (stat.isSymbolicLink()) {
    const target = fs.readlinkSync(full, { encoding: 'buffer' });
    return hash.update(`blob ${target.length}\0`).update(target).digest('hex');
  }
  return stat.isFile() ? fileId(full, stat.size, hash) : '';
}

function fileId(full: string, size: number, hash: ReturnType<typeof createHash>): string {
  const part = Buffer.alloc(64 * 1024);
  hash.update(`blob ${size}\0`);
  const fd = fs.openSync(full, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  try {
    for (let read = fs.readSync(fd, part); read > 0; read = fs.readSync(fd, part))
      hash.update(part.subarray(0, read));
  } finally {
    fs.closeSync(fd);
  }
  return hash.digest('hex');
}
