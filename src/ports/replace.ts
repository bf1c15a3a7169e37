import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import nodePath from 'node:path';
import { SpecError } from '../errors.js';
import type { Files } from '../workspace/files.js';
import { claim } from './claim.js';
import { syncDirectory, versionOf, writeAll } from './durable.js';
import { fileFailure } from './failure.js';
import { mustBeInside } from './paths.js';
import { withEntry } from './pinned.js';
import { isAlive, ownIdentity } from './process-identity.js';

/**
 * Replaces a file only if it is still at the version the caller read: compare-and-swap over all processes. Comparing
 * alone leaves a gap before the rename, so each version can be replaced by one process only (see `claim`).
 */
export function createReplace(root: string, scratch: string): Files['replace'] {
  return (path, bytes, version) => {
    try {
      const target = mustBeInside(root, path);
      const key = createHash('sha256').update(`${target}\0${version}`).digest('hex').slice(0, 32);
      sweep(scratch);
      const release = claim(nodePath.join(scratch, 'claims'), key);
      if (release === undefined) throw stale(path, 'another process is writing it at this moment');
      try {
        withEntry(root, nodePath.relative(root, target), entry =>
          swap({ path, target, entry }, bytes, version, scratch),
        );
      } finally {
        release();
      }
    } catch (error) {
      throw fileFailure('write', path, error);
    }
  };
}

function stale(path: string, why: string): SpecError {
  return new SpecError(
    'STALE_WRITE',
    `${path} was not changed: ${why}, so this edit would undo somebody's work. Read it again and repeat the call.`,
  );
}

/** The file to replace: as the caller names it, where it really is, and pinned there. */
interface Target {
  readonly path: string;
  readonly target: string;
  readonly entry: string;
}

function swap({ path, target, entry }: Target, bytes: Uint8Array, version: string, scratch: string): void {
  const mode = modeAt(entry, path, version);
  const temp = tempFor(target, scratch);
  const fd = fs.openSync(temp, 'wx', 0o600);
  try {
    try {
      writeAll(fd, bytes);
      fs.fchmodSync(fd, mode);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    modeAt(entry, path, version);
    fs.renameSync(temp, entry);
  } catch (error) {
    fs.rmSync(temp, { force: true });
    throw error;
  }
  syncDirectory(nodePath.dirname(entry));
}

/** The file's permission bits; throws when it is no longer at `version`. */
function modeAt(entry: string, path: string, version: string): number {
  const stat = fs.statSync(entry, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) throw stale(path, 'it was removed since it was read');
  if (versionOf(stat) !== version) throw stale(path, 'it changed since it was read');
  return Number(stat.mode & 0o7777n);
}

/** In the scratch folder, where a crash leaves nothing in the work tree, unless that is another file system. */
function tempFor(target: string, scratch: string): string {
  const name = `${ownIdentity()}.${randomBytes(4).toString('hex')}.tmp`;
  const folder = nodePath.dirname(target);
  const near = fs.statSync(folder).dev === fs.statSync(scratch).dev;
  return near ? nodePath.join(scratch, name) : nodePath.join(folder, `.${nodePath.basename(target)}.${name}`);
}

/** Removes what processes that died left behind. */
function sweep(scratch: string): void {
  fs.mkdirSync(scratch, { recursive: true });
  for (const name of fs.readdirSync(scratch)) {
    const owner = /^(.+)\.[0-9a-f]{8}\.tmp$/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(owner)) fs.rmSync(nodePath.join(scratch, name), { force: true });
  }
}
