import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Names one process for as long as it lives: `<pid>.<start>.<host>`. The start time (clock ticks since boot, field 22 of
 * /proc/<pid>/stat) keeps a reused pid from passing for the old process; it is 0 where there is no /proc.
 */
export function ownIdentity(): string {
  return `${process.pid}.${startTime(process.pid)}.${hostname()}`;
}

/** False only when the process is certainly gone: one on another host counts as alive. */
export function isAlive(identity: string): boolean {
  const [, pid, start, host] = /^(\d+)\.(\d+)\.(.*)$/.exec(identity) ?? [];
  if (pid === undefined || host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
  return start === '0' || (startTime(Number(pid)) === Number(start) && !isDefunct(Number(pid)));
}

/** A process that ended stays listed until its parent took note, which may be never. */
function isDefunct(pid: number): boolean {
  return ['Z', 'X'].includes(statFields(pid)[0] ?? '');
}

/** Clock ticks since boot; 0 where the system does not tell. */
export function startTime(pid: number): number {
  return Number(statFields(pid)[19] ?? 0);
}

/** State, parent and so on: what follows the name in /proc/<pid>/stat; empty where there is none. */
function statFields(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
