import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import { SpecLock } from '../../schemas/lock.js';
import { SPEC_ID } from './packet.js';
import type { Repository } from './repository.js';

export const LOCK_FILE = `.git/spec-kit-mcp/locks/${SPEC_ID}.json`;

/** A process id that no process has: the system gives out smaller ones. */
export const NOBODY = 2 ** 30;

/** The lock as it lies in the main repository; undefined when there is none. */
export function lockOf(repo: Repository): SpecLock | undefined {
  const file = path.join(repo.root, LOCK_FILE);
  return existsSync(file) ? SpecLock.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** A lock of the main branch in the main work tree, but for what `over` says. */
export function writeLock(
  repo: Repository,
  over: Partial<Omit<SpecLock, 'owner'>> & { readonly owner?: Partial<SpecLock['owner']> } = {},
): void {
  const owner = { user: userInfo().username, host: hostname(), pid: NOBODY, pidStart: 1, ...over.owner };
  const lock = {
    v: 1,
    specId: SPEC_ID,
    branch: 'main',
    worktree: repo.root,
    commit: null,
    session: '20261122T090000Z-00000000',
    at: '2026-11-22T09:00:00.000Z',
    ...over,
    owner,
  };
  writeLockText(repo, JSON.stringify(lock));
}

export function writeLockText(repo: Repository, text: string | Uint8Array): void {
  const file = path.join(repo.root, LOCK_FILE);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
