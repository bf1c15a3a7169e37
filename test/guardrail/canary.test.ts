import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { runCli } from '../support/cli.js';
import { serveHttp } from '../support/hal.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { node } from '../support/plan.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

/** Secrets of the environment, with characters that encodings change. */
const CANARY = 'canary+7f3a/9c51=&kéy';
const HEADER_CANARY = 'canary-4be1c0de-header';

/** Says the canary in every way: whole, in pieces, encoded, as an argument of a program, in an error, in its report. */
const LEAK = `
const { spawnSync } = require('child_process');
const fs = require('fs');
const canary = fs.readFileSync('.git/canary', 'utf8');
const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
console.log('whole', canary);
for (const piece of canary.match(/.{1,4}/g)) { fs.writeSync(1, piece); wait(); }
console.log();
console.log(Buffer.from(canary).toString('base64'), Buffer.from('user:' + canary).toString('base64'), Buffer.from(canary).toString('hex'));
console.log(encodeURIComponent(canary), JSON.stringify({ canary }));
spawnSync(process.execPath, ['-e', 'console.error(process.argv); console.error(require("fs").readFileSync("/proc/self/cmdline", "utf8")); throw new Error("refused: " + process.argv[1])', canary], { stdio: 'inherit' });
fs.writeFileSync('report.xml', '<testsuites><testsuite><testcase name="' + canary.replace(/&/g, '&amp;') + '"/><testcase name="' + encodeURIComponent(canary) + '"/></testsuite></testsuites>');
`;

const settings = (last: string) => `
[commands.leak]
${node(`${LEAK}${last}`)}
report = { format = "junit", path = "report.xml" }
[guardrail.validate]
scenarios = ["leak"]
[policy]
final = "leak"
[hal]
profile = "docs/hal/hal_profile.json"
`;

const profile = {
  echo: {
    method: 'POST',
    path: '/echo',
    headers: { 'X-Api-Key': '{secrets.KEY}' },
    body: { key: '{secrets.KEY}' },
  },
  wrong: {
    method: 'GET',
    path: '/wrong',
    headers: { 'X-Api-Key': '{secrets.KEY}' },
    expect: { json: { said: { equals: 'x' } } },
  },
  away: { method: 'GET', path: '/away', headers: { 'X-Api-Key': '{secrets.KEY}' } },
};

/** Every form in which the canaries must not stand anywhere; half of one would do, too. */
const traces = [CANARY, HEADER_CANARY].flatMap(canary => {
  const bytes = Buffer.from(canary);
  return [
    canary,
    canary.slice(0, 14),
    bytes.toString('latin1'),
    bytes.toString('base64').replace(/=+$/, ''),
    Buffer.from(`user:${canary}`).toString('base64').slice(8, -4),
    bytes.toString('hex'),
    encodeURIComponent(canary),
  ];
});

function tracesIn(text: string): string[] {
  return traces.filter(trace => text.includes(trace) || text.includes(Buffer.from(trace).toString('latin1')));
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => path.join(folder, name))
    .filter(name => statSync(name).isFile());
}

function objectsOf(repo: Repository): string {
  repo.git('add', '--force', 'docs');
  repo.git('commit', '-q', '-m', 'evidence');
  return repo.git('cat-file', '--batch-all-objects', '--batch');
}

test('a secret that commands, reports and an API say in every way is found nowhere afterwards', async ({
  repo,
}) => {
  const url = await serveHttp((request, response) => {
    const key = String(request.headers['x-api-key']);
    if (request.url === '/away')
      response.writeHead(302, { location: `http://other/?key=${key}`, 'x-debug': key }).end();
    else if (request.url === '/wrong') response.end(JSON.stringify({ said: key }));
    else response.writeHead(401, { 'x-debug': key, 'set-cookie': `k=${key}` }).end(`no such key: ${key}`);
  });
  repo.write('.gitignore', 'report.xml\n');
  repo.write('docs/hal/hal_profile.json', JSON.stringify(profile));
  repo.write('.git/canary', CANARY);
  const env = { SPEC_OPS_HAL_BASE_URL: url, HAL_SECRET_KEY: HEADER_CANARY, DEPLOY_TOKEN: CANARY };
  for (const last of ['console.log("PASS", canary)', 'throw new Error("denied for " + canary)']) {
    writePacket(repo, settings(last));
    const digest = (await import('node:crypto')).createHash('sha256').update(settings(last)).digest('hex');
    const said = [];
    for (const args of [
      ['guardrail', 'validate', SPEC_ID, '--json'],
      ['guardrail', 'plan', SPEC_ID],
      ['hal', 'run', SPEC_ID],
      ['status', SPEC_ID, '--json'],
      ['verify', SPEC_ID],
    ]) {
      const { stdout, stderr } = await runCli(repo.root, args, { ...env, SPEC_KIT_TRUST: digest });
      said.push(stdout, stderr);
    }
    expect(said.join('')).toContain('hal:echo');
    expect(tracesIn(said.join('\n'))).toEqual([]);
  }
  const evidence = filesUnder(path.join(repo.root, 'docs'));
  expect(evidence.length).toBeGreaterThan(20);
  const hidden = evidence.filter(file => readFileSync(file, 'utf8').includes('[redacted]'));
  expect(hidden.some(file => file.endsWith('_leak_log.txt'))).toBe(true);
  expect(hidden.some(file => file.endsWith('_leak_report.txt'))).toBe(true);
  expect(hidden.some(file => file.endsWith('-hal-echo.json'))).toBe(true);
  for (const file of evidence) expect([file, tracesIn(readFileSync(file, 'latin1'))]).toEqual([file, []]);
  expect(tracesIn(objectsOf(repo))).toEqual([]);
});

test('the traces are found where nothing hides them', () => {
  for (const trace of traces) expect(tracesIn(`before ${trace} after`)).toContain(trace);
});
