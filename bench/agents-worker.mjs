// Agents in a process of its own: `agents-worker.mjs ROOT BIN URL` asks the server and the program in BIN, prints ms and peak RSS (MiB).
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { askAgent } from '../dist/src/agents/ask.js';
import { readEnvironment } from '../dist/src/bin/environment.js';
import { createWorkspaces } from '../dist/src/bin/workspaces.js';
import { loadSettings } from '../dist/src/settings/load.js';
import { median } from './mcp-process.mjs';

const ROUNDS = 11;
const [root, bin, url] = process.argv.slice(2);
const program = path.join(bin, 'claude');
const toml = readFileSync(path.join(root, 'spec-kit.toml'));
const environment = readEnvironment({
  PATH: `${bin}:${process.env.PATH}`,
  SPEC_KIT_TRUST: createHash('sha256').update(toml).digest('hex'),
});
const workspaces = createWorkspaces(environment);
const workspace = workspaces.open(root);
const { settings, digest } = await loadSettings(workspace);

async function timed(act) {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}

async function ask(role) {
  const answer = await askAgent(workspace, {
    role,
    agent: settings.agents[role],
    system: 'You plan.',
    prompt: 'Plan. '.repeat(30_000),
    schema: { type: 'object' },
    configDigest: digest,
    signal: new AbortController().signal,
  });
  if (answer.failure !== null) throw new Error(answer.failure.message);
  return answer;
}

function bareRequest() {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ prompt: 'Plan. '.repeat(30_000) });
    const sent = request(`${url}/small`, { method: 'POST', agent: false }, answer => answer.resume().on('end', resolve));
    sent.on('error', reject).end(body);
  });
}

function bareProgram() {
  return new Promise(resolve => {
    const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdout.resume();
    child.stdin.end('Plan. '.repeat(30_000));
    child.on('close', resolve);
  });
}

const once = { http: await timed(() => ask('gpt_pro')), cli: await timed(() => ask('claude')) };
const rounds = { http: [], bareHttp: [], cli: [], bareCli: [] };
for (let i = 0; i < ROUNDS; i++) {
  rounds.bareHttp.push(await timed(bareRequest));
  rounds.http.push(await timed(() => ask('gpt_pro')));
  rounds.bareCli.push(await timed(bareProgram));
  rounds.cli.push(await timed(() => ask('claude')));
}
const texts = [];
for (let i = 0; i < 3; i++) texts.push((await ask('gemini')).text);
if (texts.some(text => text.length < 2_000_000)) throw new Error('an answer of 2 MB came back shorter');
const rss = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
await workspaces.endCommands();
const figures = Object.fromEntries(Object.entries(rounds).map(([name, all]) => [name, median(all)]));
console.log(JSON.stringify({ ...figures, once, rss }));
process.exit(0);
