import { SpecLock } from '../../schemas/lock.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Guardrail } from './guardrail.js';

/** `damaged`: there is a lock file, and nobody can tell whose. */
export type Held = SpecLock | 'damaged' | undefined;

/**
 * What came of taking a lock. `mine`: this branch and work tree hold it already. `held`: somebody else does; `stale` when the
 * process that took it is gone on this host. Being gone alone takes no lock away: a lock is held for as long as the work
 * takes, and the command that took it ended after seconds.
 */
export type Taking =
  | { readonly kind: 'taken' }
  | { readonly kind: 'mine'; readonly lock: SpecLock }
  | { readonly kind: 'taken_over'; readonly from: SpecLock }
  | { readonly kind: 'held'; readonly lock: SpecLock; readonly stale: boolean }
  | { readonly kind: 'damaged' };

export function readLock({ locks }: Workspace, specId: string): Held {
  return parse(locks.read(specId), specId);
}

/** Takes the lock of the spec for this branch in this work tree, or tells who has it. */
export async function takeLock(guardrail: Guardrail, takeOver: boolean): Promise<Taking> {
  const { workspace, packet } = guardrail;
  const mine = Buffer.from(`${JSON.stringify(newLock(guardrail), null, 2)}\n`);
  let taking: Taking = { kind: 'damaged' };
  await workspace.locks.change(packet.specId, bytes => {
    taking = judge(guardrail, parse(bytes, packet.specId), takeOver);
    return taking.kind === 'taken' || taking.kind === 'taken_over' ? mine : bytes;
  });
  return taking;
}

function judge(guardrail: Guardrail, held: Held, takeOver: boolean): Taking {
  if (held === undefined) return { kind: 'taken' };
  if (held === 'damaged') return { kind: 'damaged' };
  if (isMine(guardrail, held)) return { kind: 'mine', lock: held };
  const stale = guardrail.workspace.processes.stateOf(held.owner) === 'gone';
  return stale && takeOver ? { kind: 'taken_over', from: held } : { kind: 'held', lock: held, stale };
}

/** Removes the lock if `mayGo` says so of what is there at that moment. The removed bytes, for `restoreLock`. */
export async function releaseLock(
  { locks }: Workspace,
  specId: string,
  mayGo: (held: Held) => boolean,
): Promise<Buffer | undefined> {
  let removed: Buffer | undefined;
  await locks.change(specId, bytes => {
    removed = bytes !== undefined && mayGo(parse(bytes, specId)) ? bytes : undefined;
    return removed === undefined ? bytes : undefined;
  });
  return removed;
}

/** Puts a removed lock back, unless somebody took it meanwhile. */
export async function restoreLock({ locks }: Workspace, specId: string, removed: Buffer): Promise<void> {
  await locks.change(specId, bytes => bytes ?? removed);
}

export function isMine({ workspace, source }: Guardrail, lock: SpecLock): boolean {
  const { user, host } = lock.owner;
  return (
    lock.branch === source.head.branch &&
    lock.worktree === workspace.root &&
    user === workspace.locks.user &&
    host === workspace.processes.own().host
  );
}

/** "ben@builder on branch feat/x in the work tree demo-x since 2026-11-22T10:00:00.000Z". */
export function holderOf({ owner, branch, worktree, at }: SpecLock): string {
  const tree = worktree.split(/[/\\]/).at(-1) ?? '';
  return `${owner.user}@${owner.host} on ${branchName(branch)} in the work tree ${tree} since ${at}`;
}

export function branchName(branch: string | null): string {
  return branch === null ? 'a detached HEAD' : `branch ${branch}`;
}

function newLock({ workspace, packet, source, sessionId }: Guardrail): SpecLock {
  return {
    v: 1,
    specId: packet.specId,
    owner: { user: workspace.locks.user, ...workspace.processes.own() },
    branch: source.head.branch,
    worktree: workspace.root,
    commit: source.head.commit,
    session: sessionId,
    at: workspace.now().toISOString(),
  };
}

function parse(bytes: Buffer | undefined, specId: string): Held {
  if (bytes === undefined) return undefined;
  try {
    const lock = SpecLock.parse(JSON.parse(bytes.toString()));
    return lock.specId === specId ? lock : 'damaged';
  } catch {
    return 'damaged';
  }
}
