import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { askAgent } from '../../../dist/src/agents/ask.js';
import { readEnvironment } from '../../../dist/src/bin/environment.js';
import { createWorkspaces } from '../../../dist/src/bin/workspaces.js';
import { loadSettings } from '../../../dist/src/settings/load.js';
import { clients } from '../../clients/clients.mjs';
import { expected } from './expected.mjs';
import { startStub } from './stub.mjs';

/**
 * Asks each CLI that run.mjs installed through our adapter, its provider being a stub: drive.mjs SCRATCH INSTALLED. One
 * line per CLI and case; the last line counts them. When stdin ends, the parent is gone, and so are we.
 */
const [scratch, installed] = process.argv.slice(2);
const KEY = 'canary-93d0c5b2-live-key';
const PROMPT = 'Name the stage. canary-of-the-prompt-5512';
const SCHEMA = {
  type: 'object',
  properties: { stage: { type: 'string' } },
  required: ['stage'],
  additionalProperties: false,
};

async function attempt(client, entry, mode) {
  const folder = mkdtempSync(path.join(scratch, 'agent-'));
  const [home, bin, root, temporary] = ['home', 'bin', 'root', 'tmp'].map(name => path.join(folder, name));
  for (const each of [home, bin, path.join(root, '.git'), temporary]) mkdirSync(each, { recursive: true });
  const cli = { codex: 'codex', 'claude-code': 'claude', 'gemini-cli': 'gemini' }[client.name];
  const program = path.join(bin, cli);
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${entry}" "$@"\n`);
  chmodSync(program, 0o755);
  const stub = await startStub(client.dialect, mode);
  const { timeout } = expected(cli, mode);
  const toml = `[agents.gpt_pro]\nmode = "cli"\ncli = "${cli}"\nmodel = "${cli === 'gemini' ? 'gemini-2.5-pro' : 'stub-model'}"\nbase_url = "${stub.url}"\nkey_env = "MODEL_API_KEY"\ntimeout = "${timeout}"\n`;
  writeFileSync(path.join(root, 'spec-kit.toml'), toml);
  process.env.TMPDIR = temporary;
  const { operator, commandEnv, ...rest } = readEnvironment({
    PATH: `${bin}:${process.env.PATH}`,
    HOME: home,
    LANG: 'C.UTF-8',
    MODEL_API_KEY: KEY,
    SPEC_KIT_TRUST: createHash('sha256').update(toml).digest('hex'),
  });
  const workspaces = createWorkspaces({ operator, commandEnv, ...rest });
  try {
    const workspace = workspaces.open(root);
    const { settings, digest } = await loadSettings(workspace);
    const began = performance.now();
    const answer = await askAgent(workspace, {
      role: 'gpt_pro',
      agent: settings.agents.gpt_pro,
      system: 'You name stages.',
      prompt: PROMPT,
      schema: SCHEMA,
      configDigest: digest,
      signal: new AbortController().signal,
    });
    const seconds = (performance.now() - began) / 1000;
    return { answer, stub, seconds, problems: traces(folder, answer) };
  } finally {
    stub.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What must not be there afterwards: a process of ours, the key or the prompt on disk, the key in the answer. */
function traces(folder, answer) {
  const running = readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0 && pid !== process.pid && readText(`/proc/${pid}/environ`).includes(`HOME=${folder}`));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath ?? entry.path, entry.name));
  const holds = secret => files.filter(file => readText(file).includes(secret)).map(file => path.relative(folder, file));
  return [
    ...(running.length > 0 ? [`${running.length} processes are left`] : []),
    ...holds(KEY).map(file => `the key is in ${file}`),
    ...holds(PROMPT).map(file => `the prompt is in ${file}`),
    ...readdirSync(path.join(folder, 'tmp')).map(name => `left behind: tmp/${name}`),
    ...(JSON.stringify(answer).includes(KEY) ? ['the key is in the answer'] : []),
  ];
}

function readText(file) {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function judge(cli, mode, { answer, stub, problems }) {
  const want = expected(cli, mode);
  const got = {
    failure: answer.failure?.code ?? null,
    finish: answer.finish,
    text: answer.text,
    calls: stub.bodies.length,
  };
  const wrong = Object.keys(got).filter(key => JSON.stringify(got[key]) !== JSON.stringify(want[key]));
  return [
    ...problems,
    ...wrong.map(key => `${key} is ${JSON.stringify(got[key])}, not ${JSON.stringify(want[key])}`),
    ...(stub.bodies[0]?.includes(PROMPT) ? [] : ['the prompt did not arrive']),
  ];
}

const MODES = ['ok', 'fenced', 'prose', 'truncated', 401, 429, 500, 'hang'];
const counts = { ok: 0, failed: 0, skipped: 0 };

async function main() {
  const only = (process.env.SPEC_KIT_AGENTS_ONLY ?? '').split(',').filter(Boolean);
  for (const client of clients) {
    const { entry, skip } = JSON.parse(installed)[client.name];
    for (const mode of MODES) {
      const label = `${client.name} ${mode}`;
      if (only.length > 0 && !only.some(each => label.includes(each))) continue;
      if (skip !== undefined) report('skipped', label, [skip]);
      else await one(client, entry, mode, label);
    }
  }
  process.stdout.write(`${counts.ok} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return counts.failed === 0 ? 0 : 1;
}

async function one(client, entry, mode, label) {
  const cli = { codex: 'codex', 'claude-code': 'claude', 'gemini-cli': 'gemini' }[client.name];
  const tried = await attempt(client, entry, mode);
  const { answer, stub, seconds } = tried;
  const wrong = judge(cli, mode, tried);
  const bytes = Buffer.byteLength(stub.bodies[0] ?? '');
  const [{ usage } = {}] = answer.attempts;
  report(wrong.length === 0 ? 'ok' : 'failed', label, [
    ...wrong,
    `${stub.bodies.length} calls, first ${bytes} bytes`,
    answer.failure?.message ?? `served ${answer.modelServed}, usage ${usage?.input}/${usage?.output}`,
    `${seconds.toFixed(1)} s`,
  ]);
}

function report(verdict, label, words) {
  process.stdout.write(`${verdict.padEnd(7)} ${label}: ${words.join('; ').replaceAll('\n', ' ')}\n`);
  counts[verdict] += 1;
}

process.stdin.on('end', () => process.exit(1)).resume();
process.exit(await main());
