import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Pids of living processes in whose environment `text` stands (Linux). */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0 && pid !== process.pid && stateOf(pid) !== 'gone')
    .filter(pid => read(`/proc/${pid}/environ`).includes(text));
}

/** Pids of living children whose command line contains `text` (Linux). */
export function childrenOf(parent: number, text: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0 && stateOf(pid) !== 'gone' && fields(pid)[1] === `${parent}`)
    .filter(pid => read(`/proc/${pid}/cmdline`).includes(text));
}

/** An ended process that nobody has taken note of is gone too. */
export function stateOf(pid: number): 'living' | 'gone' {
  return ['Z', 'X', undefined].includes(fields(pid)[0]) ? 'gone' : 'living';
}

/** State, parent, group, session and so on. */
function fields(pid: number): string[] {
  const stat = read(`/proc/${pid}/stat`);
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** Waits until `check` holds. False when it does not within `withinMs`. */
export async function eventually(check: () => boolean, withinMs = 10_000): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (!check()) {
    if (performance.now() > until) return false;
    await delay(20);
  }
  return true;
}
