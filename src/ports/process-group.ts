import { spawnSync } from 'node:child_process';

/** Signals a process and the group it leads, or on Windows ends its tree. None left to signal is fine. */
export function signalGroup(leader: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', `${leader}`, '/t', '/f'], { windowsHide: true, stdio: 'ignore' });
    return;
  }
  signalProcess(-leader, signal);
}

/** False when there is no such process (or group, for a negative id), or it is not ours to signal. */
export function signalProcess(id: number, signal: 'SIGTERM' | 'SIGKILL' | 0): boolean {
  try {
    return process.kill(id, signal);
  } catch {
    return false;
  }
}

/** Counts ended processes that nobody has taken note of yet as alive. */
export function groupIsAlive(leader: number): boolean {
  return process.platform !== 'win32' && signalProcess(-leader, 0);
}
