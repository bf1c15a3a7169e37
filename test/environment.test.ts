import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Stage } from '../schemas/ids.js';
import { Settings } from '../schemas/settings.js';
import { readEnvironment } from '../src/bin/environment.js';
import { HOOK } from '../src/cli/hook-script.js';
import { playersOf } from '../src/consensus/players.js';
import { ENVIRONMENT } from '../src/environment.js';
import { withCargoManifest } from '../src/settings/cargo-manifest.js';
import { agentVariables } from './support/agent-variables.js';
import { PROGRAM, runCli } from './support/cli.js';
import { callStage } from './support/consensus-run.js';
import { serveOne } from './support/hal.js';
import { SPEC_ID, writePacket } from './support/packet.js';
import { node, settings, settingsDigest, statusOf } from './support/plan.js';
import { prepared, providers, ROOT, sound } from './support/provider-run.js';
import type { Repository } from './support/repository.js';
import { runStage } from './support/stage.js';
import { test } from './support/workspace.js';

type Name = (typeof ENVIRONMENT)[number]['name'];
type Env = Readonly<Record<string, string>>;

async function checkStatus(repo: Repository, stage: Stage, check: string, env: Env) {
  return statusOf((await runStage(repo, stage, { env, trusted: false })).report, check);
}

function policy(variable: string, check: string) {
  return async (repo: Repository) => {
    writePacket(repo);
    const status = (line: string) => checkStatus(repo, 'plan', check, { [variable]: line });
    expect(await checkStatus(repo, 'plan', check, {})).toBe('not_run');
    expect(await status(`${process.execPath} -e 'console.log("PASS")'`)).toBe('passed');
    expect(await status(`${process.execPath} -e 'console.log("FAIL")'`)).toBe('failed');
    expect(await status('true')).toBe('not_run');
    for (const line of ['', '  ', 'echo PASS | cat', "echo 'PASS"]) {
      const { report } = await runStage(repo, 'plan', { env: { [variable]: line } });
      expect([line, report.outcome, statusOf(report, check)]).toEqual([line, 'incomplete', 'not_run']);
    }
  };
}

/** A server whose API key is "right"; HAL at it alone. */
async function hal(
  repo: Repository,
  profile: object,
): Promise<{ url: string; asked: { url?: string | undefined }[] }> {
  writePacket(repo);
  repo.write('docs/hal/hal_profile.json', JSON.stringify(profile));
  repo.commit();
  return serveOne(200, { 'content-type': 'application/json' }, '{}');
}

const HEALTH = { health: { method: 'GET', path: '/health' } };

function model(role: 'gemini' | 'claude' | 'gpt_pro' | 'gpt_codex', variable: string) {
  return () => {
    const modelOf = (env: Env) =>
      playersOf(readEnvironment(env), Settings.parse({}), 'implement').find(player => player.role === role)
        ?.model;
    expect(modelOf({ [variable]: 'my-model' })).toBe('my-model');
    expect(modelOf({})).not.toBe('my-model');
  };
}

/** One for each name of the table: with the variable something happens that does not happen without it. */
const behaviours: Readonly<Record<Name, (repo: Repository) => Promise<void> | void>> = {
  async SPEC_OPS_ALLOW_DIRTY(repo) {
    writePacket(repo);
    repo.write('stray.txt', '');
    expect(await checkStatus(repo, 'plan', 'clean-tree', {})).toBe('failed');
    expect(await checkStatus(repo, 'plan', 'clean-tree', { SPEC_OPS_ALLOW_DIRTY: '1' })).toBe('waived');
  },
  async SPEC_OPS_BASELINE_ALLOW_FAIL(repo) {
    writePacket(repo, settings(node('process.exit(1)')));
    const trust = { SPEC_KIT_TRUST: settingsDigest(repo.root) ?? '' };
    expect(await checkStatus(repo, 'plan', 'baseline:build', trust)).toBe('failed');
    const env = { ...trust, SPEC_OPS_BASELINE_ALLOW_FAIL: '1' };
    expect(await checkStatus(repo, 'plan', 'baseline:build', env)).toBe('waived');
  },
  SPEC_OPS_POLICY_PREFILTER_CMD: policy('SPEC_OPS_POLICY_PREFILTER_CMD', 'policy-prefilter'),
  SPEC_OPS_POLICY_FINAL_CMD: policy('SPEC_OPS_POLICY_FINAL_CMD', 'policy-final'),
  SPEC_OPS_CARGO_MANIFEST() {
    const argvOf = (argv: string[], env: Env) => withCargoManifest(argv, readEnvironment(env).operator).argv;
    const env = { SPEC_OPS_CARGO_MANIFEST: 'rs/Cargo.toml' };
    const added = ['--manifest-path', 'rs/Cargo.toml'];
    expect(argvOf(['cargo', 'test', '--', '-q'], {})).toEqual(['cargo', 'test', '--', '-q']);
    expect(argvOf(['cargo', 'test', '--', '-q'], env)).toEqual(['cargo', 'test', ...added, '--', '-q']);
    expect(argvOf(['/opt/cargo', '+nightly', 'build'], env)).toEqual([
      '/opt/cargo',
      '+nightly',
      'build',
      ...added,
    ]);
    for (const argv of [
      ['cargo', '--version'],
      ['cargo', 'build', '--manifest-path=own/Cargo.toml'],
      ['npm', 'test'],
    ])
      expect(argvOf(argv, env)).toEqual(argv);
  },
  async SPEC_OPS_HAL_SKIP(repo) {
    const { url, asked } = await hal(repo, HEALTH);
    const env = { SPEC_OPS_HAL_BASE_URL: url, SPEC_OPS_HAL_SKIP: '1' };
    const { report } = await runStage(repo, 'validate', { env });
    expect([report.outcome, report.waivers.length, asked.length]).toEqual(['incomplete', 1, 0]);
  },
  async SPEC_OPS_TELEMETRY_HAL(repo) {
    const { url } = await hal(repo, HEALTH);
    const env = { SPEC_OPS_HAL_BASE_URL: url };
    expect((await runStage(repo, 'validate', { env })).telemetry).toHaveProperty('hal.summary');
    const off = { ...env, SPEC_OPS_TELEMETRY_HAL: '0' };
    expect((await runStage(repo, 'validate', { env: off })).telemetry).not.toHaveProperty('hal');
  },
  async SPEC_OPS_HAL_BASE_URL(repo) {
    const { url, asked } = await hal(repo, HEALTH);
    await runStage(repo, 'validate', { env: { SPEC_OPS_HAL_BASE_URL: url } });
    expect(asked.map(request => request.url)).toEqual(['/health']);
    await runStage(repo, 'validate', { env: { SPEC_OPS_HAL_BASE_URL: 'http://127.0.0.1:1' } });
    expect(asked).toHaveLength(1);
  },
  async SPEC_OPS_HAL_SECRET_ENV(repo) {
    const { url, asked } = await hal(repo, {
      health: { method: 'GET', path: '/health', query: { key: '{secrets.kavedarr.api_key}' } },
    });
    const env = { SPEC_OPS_HAL_BASE_URL: url, MY_KEY: 'key-of-mine-4711' };
    await runStage(repo, 'validate', { env });
    expect(asked).toHaveLength(0);
    await runStage(repo, 'validate', { env: { ...env, SPEC_OPS_HAL_SECRET_ENV: 'MY_KEY' } });
    expect(asked.map(request => request.url)).toEqual(['/health?key=key-of-mine-4711']);
  },
  async SPEC_OPS_HAL_EVIDENCE_DIR(repo) {
    const { url } = await hal(repo, HEALTH);
    const env = { SPEC_OPS_HAL_BASE_URL: url };
    await runStage(repo, 'validate', { env });
    expect(existsSync(path.join(repo.root, 'captures'))).toBe(false);
    await runStage(repo, 'validate', { env: { ...env, SPEC_OPS_HAL_EVIDENCE_DIR: 'captures' } });
    expect(readdirSync(path.join(repo.root, 'captures'))).toHaveLength(1);
  },
  async SPEC_KIT_TELEMETRY_ENABLED(repo) {
    const { urls } = await providers(sound);
    for (const [value, count] of [
      ['1', 1],
      ['0', 0],
    ] as const) {
      const { consensusTelemetry } = readEnvironment({ SPEC_KIT_TELEMETRY_ENABLED: value }).operator;
      const workspace = prepared(repo, urls);
      const { runId } = await callStage({
        ...workspace,
        operator: { ...workspace.operator, consensusTelemetry },
      });
      const names = readdirSync(path.join(repo.root, ROOT, 'consensus', SPEC_ID));
      expect(names.filter(name => name.endsWith(`${runId}_telemetry.jsonl`))).toHaveLength(count);
      expect(names.filter(name => name.endsWith(`${runId}_synthesis.json`))).toHaveLength(1);
    }
  },
  CONSENSUS_MODEL_GEMINI: model('gemini', 'CONSENSUS_MODEL_GEMINI'),
  CONSENSUS_MODEL_CLAUDE: model('claude', 'CONSENSUS_MODEL_CLAUDE'),
  CONSENSUS_MODEL_GPT_PRO: model('gpt_pro', 'CONSENSUS_MODEL_GPT_PRO'),
  CONSENSUS_MODEL_GPT_CODEX: model('gpt_codex', 'CONSENSUS_MODEL_GPT_CODEX'),
  ...agentVariables,
  async SPEC_KIT_TRUST(repo) {
    writePacket(repo, settings(node('0')));
    const status = async (digest: string) =>
      JSON.parse((await runCli(repo.root, ['trust', '--show', '--json'], { SPEC_KIT_TRUST: digest })).stdout)
        .trusted;
    expect(await status(settingsDigest(repo.root) ?? '')).toBe(true);
    expect(await status('0'.repeat(64))).toBe(false);
  },
  async SPEC_KIT_HTTP_TOKEN(repo) {
    const child = spawn(process.execPath, [PROGRAM, 'serve', '--http', '--port', '0'], {
      cwd: repo.root,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: repo.root, SPEC_KIT_HTTP_TOKEN: 't'.repeat(40) },
    });
    try {
      const url = await new Promise<string>(resolve => {
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          const found = / at (http:\S+)/.exec(text)?.[1];
          if (found !== undefined) resolve(found);
        });
      });
      const answer = async (token: string) =>
        (await fetch(url, { method: 'POST', body: '{}', headers: { authorization: `Bearer ${token}` } }))
          .status;
      expect(await answer('x'.repeat(40))).toBe(401);
      expect(await answer('t'.repeat(40))).not.toBe(401);
      expect(existsSync(path.join(repo.root, '.config'))).toBe(false);
    } finally {
      child.kill();
    }
  },
  SPEC_KIT_SKIP_HOOK(repo) {
    const said = (env: Env) =>
      spawnSync('/bin/sh', ['-c', HOOK], { cwd: repo.root, env, encoding: 'utf8' }).stderr;
    expect(said({ PATH: '/nowhere' })).toContain('the evidence was not verified');
    expect(said({ PATH: '/nowhere', SPEC_KIT_SKIP_HOOK: '1' })).toBe('');
  },
  async XDG_CONFIG_HOME(repo) {
    writePacket(repo, settings(node('0')));
    await runCli(repo.root, ['trust', '--yes'], {
      XDG_CONFIG_HOME: path.join(repo.root, '.git/config-home'),
    });
    expect(readdirSync(path.join(repo.root, '.git/config-home/spec-kit-mcp/trusted'))).toHaveLength(1);
    expect(existsSync(path.join(repo.root, '.git/home'))).toBe(false);
  },
};

test.for(ENVIRONMENT.map(({ name }) => name))('%s does what the table says', async (name, { repo }) => {
  await behaviours[name](repo);
});

test('no variable of ours is read that the table does not have', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.ts'),
  );
  const code = sources.map(name => readFileSync(path.join('src', name), 'utf8')).join('\n');
  const read = code.matchAll(/env\['(\w+)'\]|\b(SPEC_OPS_\w+|SPEC_KIT_[A-Z_]+|CONSENSUS_MODEL_[A-Z_]+)\b/g);
  const known = new Set<string>(ENVIRONMENT.map(({ name }) => name));
  const conventions = ['CI', 'NO_COLOR', 'TERM'];
  const beside = new Set(['PATH', 'SPEC_KIT_RUN_ID', 'CONSENSUS_MODEL_', ...conventions]);
  const unknown = [...read]
    .map(match => match[1] ?? match[2] ?? '')
    .filter(name => !known.has(name) && !beside.has(name));
  expect([...new Set(unknown)]).toEqual([]);
});
