import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Begins the mark of every command of this process. */
export const serverMark = randomBytes(8).toString('hex');

/** One that was killed is started again, this often in all. */
const MOST_STARTS = 5;

const leaders = new Set<number>();
let watchdog: ChildProcess | undefined;
let starts = 0;

/**
 * Starts the watchdog unless it runs. One for all commands of this process, from the first command on, because a Node
 * start costs about as much CPU (100 ms here) as a hundred small commands. The kernel's own parent-death signal
 * (`setpriv --pdeathsig`) would be cheaper, but reaches only the direct child, none of its descendants, and hides why a
 * program could not be started.
 */
export function ensureWatchdog(): void {
  if (watchdog !== undefined || starts >= MOST_STARTS) return;
  starts++;
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./watchdog.js', import.meta.url)), serverMark],
    // A session of its own: what kills the server's group does not kill it. Not our output: hosts wait for its end.
    { cwd: '/', env: {}, detached: true, windowsHide: true, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  watchdog = child;
  const lost = (wasKilled: boolean) => {
    if (watchdog !== child) return;
    watchdog = undefined;
    if (!wasKilled) starts = MOST_STARTS;
    if (leaders.size > 0) ensureWatchdog();
  };
  child.on('exit', (_, signal) => lost(signal !== null));
  child.on('error', () => lost(false));
  // Its end is told by `exit`; a write that came too late is no news.
  child.stdin?.on('error', () => {});
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  for (const leader of leaders) tell(`+${leader}`);
}

/** From now on the group of `leader` ends with this process. */
export function watchOver(leader: number): void {
  leaders.add(leader);
  tell(`+${leader}`);
}

export function watchNoMore(leader: number): void {
  leaders.delete(leader);
  tell(`-${leader}`);
}

function tell(line: string): void {
  if (watchdog?.stdin?.writable === true) watchdog.stdin.write(`${line}\n`);
}
