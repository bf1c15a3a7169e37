// `npm run assurance [-- --quick | --without SCRIPT]`: runs the table, prints each row's result and writes docs/assurance.md.
// `--quick` leaves out every npm script, `--without` one, and the row says so. Exit 1 when a row failed, or did not run without a reason.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rows } from './table.mjs';

const root = path.join(import.meta.dirname, '../..');
const quick = process.argv.includes('--quick');
const without = process.argv[process.argv.indexOf('--without') + 1];
const leavesOut = script => quick || script === without;

/** Every test of the files in the table: [file, full name, status]. */
function runTests() {
  const folder = mkdtempSync(path.join(tmpdir(), 'spec-kit-assurance-'));
  const output = path.join(folder, 'results.json');
  const files = [...new Set(rows.flatMap(({ tests }) => tests.map(([file]) => file)))];
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  spawnSync(process.execPath, [vitest, 'run', '--reporter=json', `--outputFile=${output}`, ...files], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const { testResults } = JSON.parse(readFileSync(output, 'utf8'));
  rmSync(folder, { recursive: true });
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({ file: path.relative(root, name), fullName, status })),
  );
}

const scripts = new Map();
function runScript(script) {
  if (!scripts.has(script)) {
    const { status } = spawnSync('npm', ['run', '-s', ...script.split(' ')], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    scripts.set(script, status === 0);
  }
  return scripts.get(script);
}

/** passed only when every part of the row ran and passed. */
function judge({ tests, script, reason }, ran) {
  const parts = tests.map(([file, name = '']) => {
    const found = ran.filter(test => test.file === file && test.fullName.includes(name));
    const failed = found.filter(({ status }) => status === 'failed').length;
    const passed = found.filter(({ status }) => status === 'passed').length;
    const state = failed > 0 ? 'failed' : passed > 0 ? 'passed' : 'not run';
    return { state, count: passed, what: name === '' ? file : `${file}: ${name}` };
  });
  if (script !== undefined) {
    const state = leavesOut(script) ? 'not run' : runScript(script) ? 'passed' : 'failed';
    parts.push({ state, count: 0, what: `npm run ${script}` });
  }
  const state = ['failed', 'not run'].find(each => parts.some(part => part.state === each)) ?? (parts.length > 0 ? 'passed' : 'not run');
  const missing = parts.filter(part => part.state === 'not run').map(({ what }) => what);
  const skipped = script !== undefined && leavesOut(script) ? `left out this time: npm run ${script}` : undefined;
  return { state, parts, why: reason ?? skipped ?? (missing.length > 0 ? `no such test ran: ${missing.join(', ')}` : undefined), excused: reason !== undefined || skipped !== undefined };
}

const ran = runTests();
const judged = rows.map(row => ({ ...row, ...judge(row, ran) }));
for (const { number, fault, state, why } of judged)
  console.log(`${String(number).padStart(2)} ${state.padEnd(8)} ${fault}${state === 'passed' || why === undefined ? '' : ` (${why})`}`);
const count = state => judged.filter(row => row.state === state).length;
console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('not run')} not run`);

const page = `# Assurance

What can go wrong, what must happen then, and which tests show it. Written by \`npm run assurance\` on Node ${process.version}, ${process.platform} ${process.arch}, ${new Date().toISOString().slice(0, 10)}:
${count('passed')} passed, ${count('failed')} failed, ${count('not run')} not run.

| # | fault or bad input | required | shown by | last result |
| --- | --- | --- | --- | --- |
${judged.map(({ number, fault, required, parts, state, why }) => `| ${number} | ${fault} | ${required} | ${parts.map(({ what }) => what).join('<br>')} | ${state}${state === 'passed' || why === undefined ? '' : `: ${why}`} |`).join('\n')}
`;
writeFileSync(path.join(root, 'docs/assurance.md'), page);
process.exitCode = judged.every(({ state, excused }) => state === 'passed' || (state === 'not run' && excused)) ? 0 : 1;
