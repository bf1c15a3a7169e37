// `npm run mutants -- [--seed N] [--count M] [--folder F]... [--only REGEXP] [--jobs J]
// [--again] [--budget SECONDS] [--survivors LOG]`: breaks the code in one random place
// after the other, in copies, and runs the tests that call the function around it. A mutant that no test notices is a
// hole in the tests. Tests of the built program run the unchanged one, so that they notice nothing; of many tests only
// as many run as fit into the budget (45 seconds), so that the share of killed mutants is a lower bound. Which tests call what is kept in
// node_modules/.cache; `--again` takes it from there instead of running all tests first. `--survivors` tries only those of an earlier run's output. Exit 1 below 85 %.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { transformSync } from 'esbuild';
import { recordedCalls, testsCalling } from './callers.mjs';
import { mutantsOf } from './places.mjs';

const RECORDING = `import { mergeConfig } from 'vitest/config';
import own from './vitest.config.js';
export default mergeConfig(own, { test: { setupFiles: ['./record.mjs'] } });
`;
/** What the project exists for. */
const FOLDERS = ['src/evidence', 'src/guardrail', 'src/consensus', 'src/tracker'];
const KEPT = path.join('node_modules', '.cache', 'mutants');
const KILLED_SHARE = 0.85;
/** By what the tests took on the unchanged code: those that run first; the rest runs only when these notice nothing. */
const FIRST_MS = 3000;
const SLACK_MS = 30_000;

const number = { type: 'string' };
const { values } = parseArgs({
  options: { seed: number, count: number, jobs: number, folder: { type: 'string', multiple: true }, only: number, again: { type: 'boolean' }, budget: number, survivors: number },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const count = Number(values.count ?? 400);
const jobs = Number(values.jobs ?? 2);
const folders = values.folder ?? FOLDERS;
const budgetMs = Number(values.budget ?? 45) * 1000;

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

/** The mutants that an earlier run printed as survivors, where lines still stand where they stood. */
function survivorsIn(log) {
  const survived = new Set(log.split('\n').flatMap(line => /^SURVIVED (.*?)(?: \(no test.*)?$/.exec(line)?.[1] ?? []));
  return all.filter(mutant => survived.delete(shownOf(mutant)));
}

function programOf(text) {
  try {
    return transformSync(text, { loader: 'ts', minifySyntax: true, minifyWhitespace: true, logLevel: 'silent' }).code;
  } catch {
    return undefined;
  }
}

function makeCopy() {
  const copy = realpathSync(mkdtempSync(path.join(tmpdir(), 'spec-kit-mutants-')));
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  for (const name of [...tracked.split('\0').filter(existsSync), 'dist']) cpSync(name, path.join(copy, name), { recursive: true });
  symlinkSync(path.resolve('node_modules'), path.join(copy, 'node_modules'), 'dir');
  return copy;
}

const running = new Set();
const copies = [];

/** A mutant may never end: nothing of it, and no copy, outlives this process. */
function clear() {
  for (const pid of running) endGroup(pid);
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
}
process.on('exit', clear);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/** Ends with vitest's exit code; anything but 0 when it takes longer than `timeoutMs`. */
async function vitest(copy, timeoutMs, ...args) {
  const program = path.join('node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [program, 'run', ...args], { cwd: copy, detached: true, stdio: 'ignore' });
  running.add(child.pid);
  const timer = setTimeout(() => endGroup(child.pid), timeoutMs);
  const [code] = await once(child, 'exit');
  clearTimeout(timer);
  endGroup(child.pid);
  running.delete(child.pid);
  return code;
}

function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

/** Runs all tests in a copy of the unchanged code, and keeps what each file takes and calls. */
async function observe(copy) {
  cpSync(path.join(import.meta.dirname, 'record.mjs'), path.join(copy, 'record.mjs'));
  writeFileSync(path.join(copy, 'recording.config.ts'), RECORDING);
  await vitest(copy, 1_800_000, '--config', 'recording.config.ts', '--reporter', 'json', '--outputFile', 'costs.json');
  rmSync(KEPT, { recursive: true, force: true });
  mkdirSync(KEPT, { recursive: true });
  cpSync(path.join(copy, 'called'), path.join(KEPT, 'called'), { recursive: true });
  const { testResults } = JSON.parse(readFileSync(path.join(copy, 'costs.json'), 'utf8'));
  const costs = testResults
    .filter(({ status }) => status === 'passed')
    .map(({ name, startTime, endTime }) => [path.relative(copy, name), endTime - startTime]);
  writeFileSync(path.join(KEPT, 'costs.json'), JSON.stringify(Object.fromEntries(costs), null, 2));
}

/** As many of the tests as take `ms` together; always one. */
function within(ms, tests, costs) {
  let spent = 0;
  return tests.filter((test, index) => {
    spent += costs.get(test);
    return index === 0 || spent <= ms;
  });
}

async function isKilled(copy, tests, costs) {
  const first = within(FIRST_MS, tests, costs);
  const rest = within(budgetMs, tests, costs).filter(test => !first.includes(test));
  for (const part of [first, rest]) {
    if (part.length === 0) continue;
    const expected = part.reduce((sum, test) => sum + costs.get(test), 0);
    const code = await vitest(copy, SLACK_MS + 3 * expected, '--bail', '1', '--maxWorkers', '1', '--no-isolate', '--retry', '0', ...part);
    if (code !== 0) return true;
  }
  return false;
}

const files = folders
  .flatMap(folder => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => path.posix.join(folder, name.split(path.sep).join('/'))))
  .filter(name => name.endsWith('.ts') && new RegExp(values.only ?? '').test(name))
  .sort();
const all = files.flatMap(file => mutantsOf(readFileSync(file, 'utf8')).map(mutant => ({ file, ...mutant })));
const shownOf = ({ file, line, operator }) => `${file}:${line} ${operator}`;
const chosen = values.survivors === undefined ? sample(all, randomFrom(seed)) : survivorsIn(readFileSync(values.survivors, 'utf8'));
console.log(`seed ${seed}: ${chosen.length} of ${all.length} mutants of ${folders.join(', ')}`);

for (let job = 0; job < jobs; job++) copies.push(makeCopy());
const survivors = [];
if (!values.again) await observe(copies[0]);
const costs = new Map(Object.entries(JSON.parse(readFileSync(path.join(KEPT, 'costs.json'), 'utf8'))));
const calls = recordedCalls(KEPT);
console.log(`${costs.size} test files pass in a copy`);
const waiting = [...chosen];
await Promise.all(
  copies.map(async copy => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const place = path.join(copy, mutant.file);
      const original = readFileSync(place);
      writeFileSync(place, mutant.text);
      const tests = testsCalling(mutant.file, original.toString(), mutant.line, calls, costs);
      const killed = await isKilled(copy, tests, costs);
      writeFileSync(place, original);
      const shown = `${shownOf(mutant)}${tests.length === 0 ? ' (no test calls it)' : ''}`;
      if (!killed) survivors.push(shown);
      console.log(`${killed ? 'killed  ' : 'SURVIVED'} ${shown}`);
    }
  }),
);
const killed = chosen.length - survivors.length;
console.log(`${killed} of ${chosen.length} killed (${((killed / Math.max(1, chosen.length)) * 100).toFixed(1)} %), seed ${seed}`);
if (survivors.length > 0) console.log(`Survivors:\n${survivors.sort().join('\n')}`);
process.exitCode = killed >= KILLED_SHARE * chosen.length ? 0 : 1;
