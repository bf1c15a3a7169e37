// `npm run mutants -- [--seed N] [--count M] [--folder src/consensus] [--only REGEXP] [-- vitest options]`: breaks the code in one random place after
// the other, in a copy, and runs the tests that reach the file. A mutant that no test notices is a hole in the tests.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { transformSync } from 'esbuild';
import { mutantsOf } from './mutants.mjs';

const TIMEOUT_MS = 90_000;
const COPIED = ['src', 'schemas', 'tools', 'resources', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'];

const separator = process.argv.indexOf('--', 2);
const own = process.argv.slice(2, separator === -1 ? undefined : separator);
const forVitest = separator === -1 ? [] : process.argv.slice(separator + 1);
const { values } = parseArgs({
  args: own,
  options: { seed: { type: 'string' }, count: { type: 'string' }, folder: { type: 'string' }, only: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const count = Number(values.count ?? 20);
const folder = values.folder ?? 'src/consensus';

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(start) {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Mutants that are programs, and other programs than the original: what only changes types is none. */
function sample(all, random) {
  const left = [...all];
  const chosen = [];
  while (chosen.length < count && left.length > 0) {
    const [mutant] = left.splice(Math.floor(random() * left.length), 1);
    const program = programOf(mutant.text);
    if (program !== undefined && program !== programOf(readFileSync(mutant.file, 'utf8'))) chosen.push(mutant);
  }
  return chosen;
}

function programOf(text) {
  try {
    return transformSync(text, { loader: 'ts', minify: true, logLevel: 'silent' }).code;
  } catch {
    return undefined;
  }
}

function makeCopy() {
  const copy = realpathSync(mkdtempSync(path.join(tmpdir(), 'spec-kit-mutants-')));
  for (const name of COPIED) cpSync(name, path.join(copy, name), { recursive: true });
  symlinkSync(path.resolve('node_modules'), path.join(copy, 'node_modules'), 'dir');
  return copy;
}

/** Runs the tests that reach the files. True when all pass. */
function passes(copy, ...reached) {
  const vitest = path.join('node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'related', ...reached, '--run', '--bail', '1', '--reporter', 'dot', ...forVitest];
  const { status } = spawnSync(process.execPath, args, { cwd: copy, timeout: TIMEOUT_MS, killSignal: 'SIGKILL', stdio: 'ignore' });
  return status === 0;
}

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts') && new RegExp(values.only ?? '').test(name))
  .map(name => path.posix.join(folder, name.split(path.sep).join('/')))
  .sort();
const all = files.flatMap(file => mutantsOf(readFileSync(file, 'utf8')).map(mutant => ({ file, ...mutant })));
const chosen = sample(all, randomFrom(seed));
console.log(`seed ${seed}: ${chosen.length} of ${all.length} mutants of ${folder}`);

const copy = makeCopy();
let survived = 0;
try {
  if (!passes(copy, ...new Set(chosen.map(mutant => mutant.file))))
    throw new Error('The tests do not pass as it is; leave out with --exclude, after --, those that need more than a copy.');
  for (const { file, line, operator, text } of chosen) {
    const place = path.join(copy, file);
    const original = readFileSync(place);
    writeFileSync(place, text);
    const isKilled = !passes(copy, file);
    writeFileSync(place, original);
    if (!isKilled) survived++;
    console.log(`${isKilled ? 'killed  ' : 'SURVIVED'} ${file}:${line} ${operator}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const killed = chosen.length - survived;
console.log(`${killed} of ${chosen.length} killed (${Math.round((killed / Math.max(1, chosen.length)) * 100)} %), seed ${seed}`);
