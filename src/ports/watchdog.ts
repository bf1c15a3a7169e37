/**
 * A program of its own, `node watchdog.js <mark>`, that outlives the server by a moment: a server that is killed by
 * SIGKILL cannot end its commands. It reads `+<leader>` and `-<leader>` lines; when its input closes, the server is
 * gone, and it ends every process of every run whose mark begins with <mark>.
 */
import { signalGroup, signalProcess } from './process-group.js';
import { findProcesses } from './process-tree.js';

const ROUND_MS = 50;
const LAST_ROUND = 50;

const mark = process.argv[2] ?? '';
const leaders = new Set<number>();
let line = '';

// `ps` shows what this is, and whoever kills all processes named like the server does not hit this one.
process.title = 'command watchdog';
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

process.stdin.setEncoding('latin1');
process.stdin.on('data', (text: string) => {
  const lines = (line + text).split('\n');
  line = lines.pop() ?? '';
  for (const one of lines) {
    const leader = Number(one.slice(1));
    if (one.startsWith('+')) leaders.add(leader);
    else leaders.delete(leader);
  }
});
process.stdin.on('close', () => sweep(0));

function sweep(round: number): void {
  if (mark === '') return;
  for (const leader of leaders) signalGroup(leader, 'SIGKILL');
  const found = findProcesses({ mark, leaders: [...leaders] });
  for (const { pid } of found) signalProcess(pid, 'SIGKILL');
  leaders.clear();
  if (found.length > 0 && round < LAST_ROUND) setTimeout(() => sweep(round + 1), ROUND_MS);
}
