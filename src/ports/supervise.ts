import { fstatSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { groupIsAlive, signalGroup, signalProcess } from './process-group.js';
import {
  findProcesses,
  hasLivingMember,
  hasProcessList,
  type RunProcesses,
  readProcess,
} from './process-tree.js';

/** Why we ended a command; `exited` when it came to its end by itself. */
export type Cause = 'exited' | 'timeout' | 'cancelled' | 'truncated';

export interface Limits {
  /** From the polite signal to the one that cannot be ignored. */
  readonly graceMs: number;
  /** The same when the whole server is ending. */
  readonly shutdownGraceMs: number;
  /** A command that writes more is ended at once; looked at twenty times a second. */
  readonly maxLogBytes: number;
}

export interface Started {
  readonly leader: number;
  readonly mark: string;
  readonly logPath: string;
  /** Where it writes; none of them may grow past the limit. */
  readonly logFds: readonly number[];
  /** Resolves when the leader has ended. */
  readonly exited: Promise<void>;
  readonly timeoutMs: number;
  readonly cancel: AbortSignal;
  readonly shutdown: AbortSignal;
}

export interface Supervised {
  readonly cause: Cause;
  readonly leftovers: boolean;
}

const POLL_MS = 50;
const LONGEST_TIMER = 2 ** 31 - 1;

/** What a command's own background processes get to end by themselves after it. */
const SETTLE_MS = 100;

/** With the grace of 2 s a command is settled 2.8 s after its deadline, whatever it does. */
const EXIT_WAIT_MS = 250;
const ROUND_MS = 25;
const ROUNDS = 20;

/**
 * Waits for the end of a command, brings it about when it is due, and then ends whatever is left of it. Does not wait for
 * its output to be closed: the command writes to a file, so nobody can hold us up by keeping it open.
 */
export async function supervise(started: Started, limits: Limits): Promise<Supervised> {
  const since = readProcess(started.leader)?.start ?? 0;
  const cause = await firstCause(started, limits.maxLogBytes);
  if (cause !== 'exited') await end(started, cause, limits);
  const { leader, mark, logPath: log } = started;
  const leftovers = await sweep({ mark, leaders: [leader], log, since }, leader, cause === 'exited');
  const wroteTooMuch = cause === 'exited' && isOver(started.logFds, limits.maxLogBytes);
  return { cause: wroteTooMuch ? 'truncated' : cause, leftovers };
}

function isOver(logFds: readonly number[], maxLogBytes: number): boolean {
  return logFds.some(fd => fstatSync(fd).size > maxLogBytes);
}

async function firstCause(started: Started, maxLogBytes: number): Promise<Cause> {
  const { exited, timeoutMs, cancel, shutdown, logFds } = started;
  const settled = new AbortController();
  try {
    return await new Promise<Cause>(resolve => {
      void exited.then(() => resolve('exited'));
      const timer = setTimeout(() => resolve('timeout'), Math.min(timeoutMs, LONGEST_TIMER));
      const poll = setInterval(() => {
        if (isOver(logFds, maxLogBytes)) resolve('truncated');
      }, POLL_MS);
      settled.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        clearInterval(poll);
      });
      for (const signal of [cancel, shutdown]) {
        if (signal.aborted) resolve('cancelled');
        signal.addEventListener('abort', () => resolve('cancelled'), { signal: settled.signal });
      }
    });
  } finally {
    settled.abort();
  }
}

/** Politely first, except to one that is filling the disk. */
async function end({ leader, exited, shutdown }: Started, cause: Cause, limits: Limits): Promise<void> {
  if (cause !== 'truncated') {
    signalGroup(leader, 'SIGTERM');
    const until = performance.now() + limits.graceMs;
    const shutUntil = performance.now() + limits.shutdownGraceMs;
    while (groupLives(leader) && performance.now() < (shutdown.aborted ? shutUntil : until))
      await delay(ROUND_MS);
  }
  signalGroup(leader, 'SIGKILL');
  await Promise.race([exited, delay(EXIT_WAIT_MS)]);
}

/** In a container whose first process does not reap, the ended stay in their group for ever: look closer. */
function groupLives(leader: number): boolean {
  return groupIsAlive(leader) && (!hasProcessList || hasLivingMember(leader));
}

/** Ends every process of the run that is still there. True when there was one that should not have been. */
async function sweep(run: RunProcesses, leader: number, ownEnd: boolean): Promise<boolean> {
  if (!hasProcessList) return sweepGroup(leader, ownEnd);
  let found = findProcesses(run);
  if (found.length > 0 && ownEnd) {
    await delay(SETTLE_MS);
    found = findProcesses(run);
  }
  // The group that was just killed may take a moment to go.
  const leftovers = found.some(one => ownEnd || one.group !== leader);
  for (let round = 0; round < ROUNDS && found.length > 0; round++) {
    for (const { pid } of found) signalProcess(pid, 'SIGKILL');
    await delay(ROUND_MS);
    found = findProcesses(run);
  }
  return leftovers || found.length > 0;
}

/** Without a list of processes, the group is all that can be reached. */
async function sweepGroup(leader: number, ownEnd: boolean): Promise<boolean> {
  if (!ownEnd || !groupIsAlive(leader)) return false;
  await delay(SETTLE_MS);
  const leftovers = groupIsAlive(leader);
  signalGroup(leader, 'SIGKILL');
  return leftovers;
}
