// Commands: what our way of running one costs over a bare spawn, and a flood of output against a file that is then hashed.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { median } from './mcp-process.mjs';

const ROUNDS = 3;
const VARIANTS = ['bare trivial', 'our trivial', 'file and hash', 'our 1 GB', 'our 1 GB without a cap'];

export async function exec() {
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) {
    const result = {};
    for (const variant of i % 2 === 0 ? VARIANTS : VARIANTS.toReversed())
      result[variant] = JSON.parse(
        execFileSync(process.execPath, [path.join(import.meta.dirname, 'exec-worker.mjs'), variant], { encoding: 'utf8' }),
      );
    rounds.push(result);
  }
  const over = figure => median(rounds.map(figure));
  const big = variant => over(round => round[variant].cpu / round['file and hash'].cpu);
  return [
    { what: 'a trivial command: CPU ms over a bare spawn', value: over(round => round['our trivial'].cpu - round['bare trivial'].cpu), bound: 60 },
    { what: 'the first command of a server: CPU ms, once', value: over(round => round['our trivial'].once) },
    { what: 'a command that prints 1 GB: CPU, ours / to a file and hashed', value: big('our 1 GB'), bound: 1.5 },
    { what: 'the same if the log had no cap', value: big('our 1 GB without a cap'), bound: 1.5 },
    { what: 'a command that prints 1 GB: peak RSS in MiB', value: over(round => round['our 1 GB'].rss), bound: 250 },
  ];
}
