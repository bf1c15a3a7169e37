// `npm run storm [seconds] [writers]`: servers write evidence of one spec over stdio and are killed at random moments, some
// of them stopped for a while before. What one
// acknowledged must be there and verify afterwards. Prints the counts; exit 1 when anything is lost, torn or wrong.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = path.join(import.meta.dirname, '../../dist/bin/spec-kit-mcp.js');
const SPEC = 'SPEC-STORM-1';
const [seconds = 20, writers = 8] = process.argv.slice(2).map(Number);
/** A younger process has hardly started: killing it tests nothing. */
const SHORTEST_LIFE_MS = 900;

const root = mkdtempSync(path.join(tmpdir(), 'spec-kit-storm-'));
const counts = { kills: 0, stops: 0, acknowledged: 0, refused: 0 };
const acknowledged = [];

function startWriter() {
  const child = spawn(process.execPath, [PROGRAM, 'serve'], { cwd: root, stdio: ['pipe', 'pipe', 'ignore'] });
  const born = performance.now();
  let calls = 0;
  const send = message => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const write = () => {
    const content = `${'evidence '.repeat(1 + (calls % 300))}\n`;
    send({ id: ++calls, method: 'tools/call', params: { name: 'write_evidence', arguments: { specId: SPEC, name: 'note.txt', content } } });
  };
  child.stdin.on('error', () => {});
  createInterface({ input: child.stdout }).on('line', line => {
    const { id, result } = JSON.parse(line);
    if (id === undefined) return;
    if (id === 0) send({ method: 'notifications/initialized' });
    else if (result?.structuredContent === undefined) counts.refused++;
    else acknowledged.push(result.structuredContent);
    write();
  });
  send({ id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'storm', version: '1' } } });
  return { child, age: () => performance.now() - born };
}

const wait = ms => new Promise(resolve => setTimeout(resolve, ms));

/** In the middle of whatever it does, up to 8 s; then it goes on for a moment, with a view of the ledger that is old by then. */
async function stopForAWhile(child, until) {
  counts.stops++;
  child.kill('SIGSTOP');
  await wait(Math.max(500, Math.min(8000 * Math.random(), until - performance.now() - 500)));
  child.kill('SIGCONT');
  await wait(300);
}

/** One writer after another until the time is over; each lives at least 0.9 s and ends by SIGKILL. */
async function keepWriting(until) {
  while (performance.now() + SHORTEST_LIFE_MS < until) {
    const { child } = startWriter();
    const life = SHORTEST_LIFE_MS + Math.random() * 2500;
    await wait(Math.max(SHORTEST_LIFE_MS, Math.min(life, until - performance.now())));
    if (Math.random() < 0.3) await stopForAWhile(child, until);
    const gone = new Promise(resolve => child.once('close', resolve));
    child.kill('SIGKILL');
    counts.kills++;
    await gone;
  }
}

const sha256 = file => createHash('sha256').update(readFileSync(path.join(root, file))).digest('hex');

function lost({ files, manifest, record }) {
  return [...files, manifest, record].some(named => !existsSync(path.join(root, named.path)) || sha256(named.path) !== named.sha256);
}

try {
  execFileSync('git', ['init', '-q'], { cwd: root });
  mkdirSync(path.join(root, 'docs', SPEC), { recursive: true });
  writeFileSync(path.join(root, 'docs', SPEC, 'spec.md'), '# Storm\n');
  const until = performance.now() + seconds * 1000;
  await Promise.all(Array.from({ length: writers }, () => keepWriting(until)));
  counts.acknowledged = acknowledged.length;
  const verify = spawn(process.execPath, [PROGRAM, 'verify', SPEC, '--json'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let report = '';
  verify.stdout.setEncoding('utf8').on('data', text => {
    report += text;
  });
  await new Promise(resolve => verify.once('close', resolve));
  const { outcome, counts: verified, findings } = JSON.parse(report);
  const evidence = path.join(root, 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence');
  const result = {
    seconds,
    writers,
    ...counts,
    records: verified.records,
    lost: acknowledged.filter(lost).length,
    repeated: acknowledged.length - new Set(acknowledged.map(({ record }) => record.seq)).size,
    errors: verified.error,
    unfinished: verified.warning,
    drafts: readdirSync(path.join(evidence, '.staging')).length - 1,
    outcome,
  };
  console.log(JSON.stringify(result));
  const wrong = result.lost + result.repeated + result.errors > 0 || counts.acknowledged === 0 || counts.acknowledged > verified.records;
  if (wrong) console.error(findings);
  process.exitCode = wrong ? 1 : 0;
} finally {
  rmSync(root, { recursive: true, force: true });
}
