import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { askAgent } from '../../../dist/src/agents/ask.js';
import { readEnvironment } from '../../../dist/src/bin/environment.js';
import { createWorkspaces } from '../../../dist/src/bin/workspaces.js';
import { loadSettings } from '../../../dist/src/settings/load.js';
import { clients } from '../../clients/clients.mjs';
import { run, runWithParent } from '../../clients/processes.mjs';
import { cases, plain } from './cases.mjs';
import { makePlace, traces } from './place.mjs';
import { plan } from './plan.mjs';
import { startStub } from './stub.mjs';

/**
 * Asks each CLI that run.mjs installed through our adapter, its provider being a stub: drive.mjs SCRATCH INSTALLED. One
 * line per CLI and case; the last line counts them. When stdin ends, the parent is gone, and so are we.
 */
const [scratch, installed] = process.argv.slice(2);
const names = { codex: 'codex', 'claude-code': 'claude', 'gemini-cli': 'gemini' };
const key = 'canary-93d0c5b2-live-key';
const prompt = 'Name the stage. canary-of-the-prompt-5512';
const schema = {
  type: 'object',
  properties: { stage: { type: 'string' } },
  required: ['stage'],
  additionalProperties: false,
};

const ACCESS = {
  key: url => `base_url = "${url}"\nkey_env = "MODEL_API_KEY"\n`,
  token: url => `base_url = "${url}"\nkey_env = "CLAUDE_CODE_OAUTH_TOKEN"\n`,
  none: () => '',
};

async function ask(cli, { access = 'key', timeout = '60s' }, place, url) {
  const toml = `[agents.gpt_pro]\nmode = "cli"\ncli = "${cli}"\nmodel = "gemini-2.5-pro"\n${ACCESS[access](url)}timeout = "${timeout}"\n`;
  writeFileSync(path.join(place.root, 'spec-kit.toml'), toml);
  process.env.TMPDIR = place.temporary;
  const variables = { key: 'MODEL_API_KEY', token: 'CLAUDE_CODE_OAUTH_TOKEN', none: 'NOT_LOOKED_AT_API_KEY' };
  const workspaces = createWorkspaces(
    readEnvironment({
      PATH: `${place.bin}:${process.env.PATH}`,
      HOME: place.home,
      TMPDIR: place.temporary,
      LANG: 'C.UTF-8',
      [variables[access]]: key,
      SPEC_KIT_TRUST: createHash('sha256').update(toml).digest('hex'),
    }),
  );
  const workspace = workspaces.open(place.root);
  const { settings, digest } = await loadSettings(workspace);
  return askAgent(workspace, {
    role: 'gpt_pro',
    agent: settings.agents.gpt_pro,
    system: 'You name stages.',
    prompt,
    schema,
    configDigest: digest,
    signal: new AbortController().signal,
  });
}

async function attempt(client, entry, one) {
  const cli = names[client.name];
  const place = makePlace(scratch, cli, entry);
  const stub = await startStub(client.dialect, one.mode);
  try {
    const began = performance.now();
    const answer = await ask(cli, one, place, stub.url);
    const seconds = (performance.now() - began) / 1000;
    const got = {
      failure: answer.failure?.code ?? null,
      finish: answer.finish,
      text: answer.text,
      calls: stub.bodies.length,
    };
    const problems = [
      ...traces(place, { key, prompt, answer }),
      ...Object.keys(got)
        .filter(name => got[name] !== one[name])
        .map(name => `${name} is ${JSON.stringify(got[name])}, not ${JSON.stringify(one[name])}`),
      ...(stub.bodies.every(body => body.includes(prompt)) ? [] : ['the prompt did not arrive']),
    ];
    return { problems, detail: describe(answer, stub, seconds) };
  } finally {
    stub.close();
    rmSync(place.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function describe({ modelServed, attempts: [first], failure }, { bodies }, seconds) {
  const { input, output } = first?.usage ?? {};
  return [
    `${bodies.length} calls, the first of ${Buffer.byteLength(bodies[0] ?? '')} bytes`,
    failure?.message ?? `served by ${modelServed}, tokens ${input ?? '?'} in and ${output ?? '?'} out`,
    `${seconds.toFixed(1)} s`,
  ];
}

/** Started as a person would, each program walks into the trip-wire that ours must not touch. */
async function control(client, entry) {
  const cli = names[client.name];
  const place = makePlace(scratch, cli, entry);
  const stub = await startStub(client.dialect, 'ok');
  try {
    const { args, env } = plain[cli](stub.url);
    const options = { PATH: process.env.PATH, HOME: place.home, TMPDIR: place.temporary, LANG: 'C.UTF-8', ...env };
    await run(place.program, args, { cwd: place.root, env: options, limitMs: 60_000 });
    return { problems: place.tripped() ? [] : ['the trip-wire is none'], detail: ['servers and hooks are started'] };
  } finally {
    stub.close();
    rmSync(place.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const counts = { ok: 0, failed: 0, skipped: 0 };

function report(label, { problems, detail }) {
  const verdict = problems.length === 0 ? 'ok' : 'failed';
  process.stdout.write(`${verdict.padEnd(7)} ${label}: ${[...problems, ...detail].join('; ').replaceAll('\n', ' ')}\n`);
  counts[verdict] += 1;
}

async function main() {
  for (const client of clients) {
    const { entry, skip } = JSON.parse(installed)[client.name];
    if (skip !== undefined) {
      process.stdout.write(`skipped ${client.name}: ${skip}\n`);
      counts.skipped += 1;
      continue;
    }
    report(`${client.name}, started plainly`, await control(client, entry));
    for (const one of cases[names[client.name]]) {
      const access = one.access === undefined ? '' : `, access ${one.access}`;
      report(`${client.name} ${one.mode}${access}`, await attempt(client, entry, one));
    }
  }
  await planWithAll();
  process.stdout.write(`${counts.ok} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return counts.failed === 0 ? 0 : 1;
}

/** A stage with agents, from end to end. */
async function planWithAll() {
  const all = JSON.parse(installed);
  const there = clients.filter(({ name }) => all[name].skip === undefined);
  if (there.length < clients.length) return;
  const dialects = Object.fromEntries(there.map(({ name, dialect }) => [names[name], dialect]));
  const entries = Object.fromEntries(there.map(({ name }) => [names[name], all[name].entry]));
  for (const one of [
    { failing: false, verdict: 'ok', exitCode: 0 },
    { failing: true, verdict: 'degraded', exitCode: 3 },
  ])
    report(`plan, ${one.failing ? 'all refused' : 'all sound'}`, await plan(scratch, dialects, entries, one));
}

await runWithParent(scratch, main);
