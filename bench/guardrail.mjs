// A guardrail beyond its commands: the plan stage of the example workspace, alone and in a repository of 20,000 files.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readEnvironment } from '../dist/src/bin/environment.js';
import { createWorkspaces } from '../dist/src/bin/workspaces.js';
import { runGuardrail } from '../dist/src/guardrail/run.js';
import { median } from './mcp-process.mjs';

const { PATH, HOME } = process.env;
const ROUNDS = 9;
const SPEC = 'SPEC-KIT-DEMO';
/** The commands of the example's baseline, as they stand in its spec-kit.toml. */
const COMMANDS = [
  ['node', '--check', 'src/health.mjs'],
  ['node', '--test', '--test-reporter=junit', '--test-reporter-destination=unit.xml', 'test/health.test.mjs'],
];

function makeWorkspace(moreFiles) {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'spec-kit-guardrail-')));
  cpSync(path.join(import.meta.dirname, '../examples/kavedarr'), root, { recursive: true });
  for (let folder = 0; folder < moreFiles / 100; folder++) {
    const directory = path.join(root, `data/${folder}`);
    mkdirSync(directory, { recursive: true });
    for (let file = 0; file < 100; file++) writeFileSync(path.join(directory, `${file}.txt`), `${folder} ${file}\n`);
  }
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', '-c', 'gc.auto=0', ...args], { cwd: root });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '--no-gpg-sign', '-m', 'files');
  const trust = createHash('sha256').update(readFileSync(path.join(root, 'spec-kit.toml'))).digest('hex');
  const environment = readEnvironment({ PATH, HOME, SPEC_KIT_TRUST: trust });
  return { root, workspace: createWorkspaces(environment).open(root) };
}

async function planned(workspace) {
  const startedAt = performance.now();
  const report = await runGuardrail(
    { specId: SPEC, stage: 'plan' },
    { workspace, signal: new AbortController().signal, progress: async () => {} },
  );
  const wall = performance.now() - startedAt;
  if (report.outcome !== 'passed') throw new Error(report.checks.map(({ message }) => message).join(' '));
  return wall;
}

async function bare(root) {
  const startedAt = performance.now();
  for (const [program, ...args] of COMMANDS)
    await new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd: root, stdio: 'ignore', env: { PATH, HOME } });
      child.on('error', reject).on('exit', resolve);
    });
  return performance.now() - startedAt;
}

/** In turns, so that a busy machine slows both alike. */
async function measure({ root, workspace }) {
  await planned(workspace);
  const overheads = [];
  const ratios = [];
  for (let round = 0; round < ROUNDS; round++) {
    const commands = await bare(root);
    const wall = await planned(workspace);
    overheads.push(wall - commands);
    ratios.push(wall / commands);
  }
  return { overhead: median(overheads), ratio: median(ratios) };
}

export async function guardrail() {
  const small = makeWorkspace(0);
  const large = makeWorkspace(20_000);
  try {
    const example = await measure(small);
    const many = await measure(large);
    return [
      { what: 'plan guardrail of the example: ms beyond its commands', value: example.overhead, bound: 150 },
      { what: 'the same / its bare commands', value: example.ratio },
      { what: 'plan guardrail among 20,000 files: ms beyond its commands', value: many.overhead, bound: 400 },
      { what: 'the same / its bare commands', value: many.ratio },
    ];
  } finally {
    for (const { root } of [small, large]) rmSync(root, { recursive: true, force: true });
  }
}
