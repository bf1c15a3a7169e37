import * as fs from 'node:fs';
import { userInfo } from 'node:os';
import nodePath from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SpecError } from '../errors.js';
import type { Locks } from '../workspace/locks.js';
import { claim } from './claim.js';
import { syncDirectory, writeAll } from './durable.js';
import { fileFailure, systemCode } from './failure.js';
import { entryInside, isInside, mustBeInside } from './paths.js';
import { ownIdentity } from './process-identity.js';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

const FOLDER = 'spec-kit-mcp/locks';
const MAX_BYTES = 16 * 1024;
const MAX_POINTER_BYTES = 4096;
const TRIES = 100;
const PAUSE_MS = 20;

/** `gitFolder`: absolute; of the main work tree, a linked one or a submodule. */
export function createLocks(gitFolder: string): Locks {
  return {
    user: userName(),
    read: specId => attempt('read', specId, () => read(lockPath(sharedFolder(gitFolder), specId))),
    async change(specId, decide) {
      const release = await claimed(gitFolder, specId);
      try {
        attempt('change', specId, () => change(lockPath(sharedFolder(gitFolder), specId), decide));
      } finally {
        release();
      }
    },
  };
}

function attempt<T>(doing: string, specId: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw fileFailure(doing, `the lock of ${specId}`, error);
  }
}

/** The sole right to change one lock, for the few milliseconds that takes. */
async function claimed(gitFolder: string, specId: string): Promise<() => void> {
  for (let turn = 0; turn < TRIES; turn++) {
    const release = attempt('change', specId, () => {
      const folder = mustBeInside(sharedFolder(gitFolder), `${FOLDER}/claims`);
      return claim(folder, specId);
    });
    if (release !== undefined) return release;
    await delay(PAUSE_MS);
  }
  throw new SpecError(
    'BUSY',
    `Another process is changing the lock of ${specId} and does not finish. Call again in a moment.`,
  );
}

function lockPath(shared: string, specId: string): string {
  return entryInside(shared, `${FOLDER}/${specId}.json`);
}

function read(file: string): Buffer | undefined {
  let fd: number;
  try {
    fd = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const bytes = Buffer.alloc(MAX_BYTES);
    return bytes.subarray(0, fs.readSync(fd, bytes, 0, MAX_BYTES, 0));
  } finally {
    fs.closeSync(fd);
  }
}

function change(file: string, decide: (held: Buffer | undefined) => Buffer | undefined): void {
  const held = read(file);
  const next = decide(held);
  if (next === held) return;
  if (next === undefined) fs.rmSync(file, { force: true });
  else write(file, next, held === undefined);
  syncDirectory(nodePath.dirname(file));
}

/** A new lock is linked, which fails where there is one; a lock is never there without all its bytes. */
function write(file: string, bytes: Buffer, isNew: boolean): void {
  const draft = `${file}.${ownIdentity()}.draft`;
  try {
    const fd = fs.openSync(draft, 'wx', 0o644);
    try {
      writeAll(fd, bytes);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    if (isNew) fs.linkSync(draft, file);
    else fs.renameSync(draft, file);
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** The git folder of the main work tree, which a linked one names in `commondir` and lies in `worktrees` of; else the own one. */
export function sharedFolder(gitFolder: string): string {
  const own = fs.realpathSync.native(gitFolder);
  const named = pointer(nodePath.join(own, 'commondir'));
  if (named === undefined) return own;
  const shared = realFolder(nodePath.resolve(own, named));
  if (shared !== undefined && isInside(nodePath.join(shared, 'worktrees'), own)) return shared;
  throw new SpecError(
    'GIT_UNAVAILABLE',
    'This work tree names a main repository that does not name it back, so its locks cannot be found. `git worktree repair` in the main work tree mends that.',
  );
}

function pointer(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8').slice(0, MAX_POINTER_BYTES).trim();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function realFolder(path: string): string | undefined {
  try {
    return fs.realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
