// `npm run bench [name ...]`: every figure as a ratio within this one run, as a table. Exit 1 when one is over its bound.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const parts = {
  startup: './startup.mjs',
  lint: './lint.mjs',
  exec: './exec.mjs',
  evidence: './evidence.mjs',
  hal: './hal.mjs',
  guardrail: './guardrail.mjs',
  agents: './agents.mjs',
  consensus: './consensus.mjs',
};
const chosen = process.argv.slice(2);
const rows = [];
for (const [name, file] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  if (!existsSync(path.join(import.meta.dirname, file))) continue;
  const measured = await import(file);
  rows.push(...(await measured[name]()));
}
console.log(`node ${process.version}, ${execFileSync('git', ['--version'], { encoding: 'utf8' }).trim()}, ${process.platform}\n`);
const width = Math.max(...rows.map(({ what }) => what.length));
for (const { what, value, bound } of rows) {
  const verdict = bound === undefined ? '' : `  <= ${bound}  ${value <= bound ? 'ok' : 'OVER'}`;
  console.log(`${what.padEnd(width)}  ${value.toFixed(2).padStart(8)}${verdict}`);
}
process.exitCode = rows.some(({ value, bound }) => bound !== undefined && value > bound) ? 1 : 0;
