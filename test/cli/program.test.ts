import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { GuardrailReport } from '../../schemas/guardrail.js';
import { LintReport } from '../../schemas/tracker.js';
import { serveCommand } from '../../src/cli/commands/serve.js';
import { answering } from '../../src/cli/commands.js';
import { runCli } from '../support/cli.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { node, settings } from '../support/plan.js';
import { test } from '../support/workspace.js';

test.for([...answering, serveCommand])(
  '$name --help shows its flags and an example',
  async (command, { repo }) => {
    const { exitCode, stdout } = await runCli(repo.root, [command.name, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Example: ${command.example}`);
    for (const flag of Object.keys(command.flags)) expect(stdout).toContain(`--${flag}`);
  },
);

test('no command, an unknown command and an unknown flag are usage errors that show the way', async ({
  repo,
}) => {
  const none = await runCli(repo.root, []);
  expect([none.exitCode, none.stderr]).toEqual([4, expect.stringContaining('Usage: spec-kit-mcp COMMAND')]);
  const unknown = await runCli(repo.root, ['deploy']);
  expect([unknown.exitCode, unknown.stderr]).toEqual([4, expect.stringContaining('no command "deploy"')]);
  const flag = await runCli(repo.root, ['lint', '--fix']);
  expect([flag.exitCode, flag.stderr]).toEqual([
    4,
    expect.stringMatching(/--fix.*Example: spec-kit-mcp lint/s),
  ]);
});

test('lint prints findings that editors can jump to, and ends with 1', async ({ repo }) => {
  writePacket(repo);
  repo.write('SPEC.md', repo.read('SPEC.md').replace('| Backlog |', '| Whenever |'));
  const { exitCode, stdout } = await runCli(repo.root, ['lint']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^SPEC\.md:6:\d+: error /m);
});

test('--json is the same object as the tool returns, alone on stdout', async ({ repo }) => {
  writePacket(repo);
  const lint = await runCli(repo.root, ['lint', '--json']);
  expect(LintReport.parse(JSON.parse(lint.stdout))).toMatchObject({ outcome: 'passed' });
  const run = await runCli(repo.root, ['guardrail', 'plan', SPEC_ID, '--json']);
  expect(run.exitCode).toBe(0);
  expect(GuardrailReport.parse(JSON.parse(run.stdout))).toMatchObject({ outcome: 'passed', specId: SPEC_ID });
});

test('an error with --json is JSON, too', async ({ repo }) => {
  writePacket(repo);
  const { exitCode, stdout, stderr } = await runCli(repo.root, ['status', 'SPEC-KIT-404', '--json']);
  expect(exitCode).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  expect(stderr).toContain('SPEC-KIT-404');
});

test('a guardrail ends with 0 passed, 1 failed, 3 incomplete', async ({ repo }) => {
  writePacket(repo, settings(node('process.exit(0)')));
  expect((await runCli(repo.root, ['guardrail', 'plan', SPEC_ID])).exitCode).toBe(3);
  expect((await runCli(repo.root, ['trust', '--yes'])).exitCode).toBe(0);
  expect((await runCli(repo.root, ['guardrail', 'plan', SPEC_ID])).exitCode).toBe(0);
  repo.write('stray.txt', '');
  expect((await runCli(repo.root, ['guardrail', 'plan', SPEC_ID])).exitCode).toBe(1);
});

test('trust holds for exactly one file, and CI may say it by environment', async ({ repo }) => {
  writePacket(repo, settings(node('0')));
  const shown = await runCli(repo.root, ['trust', '--show', '--json']);
  expect(JSON.parse(shown.stdout)).toMatchObject({ trusted: false, commands: [{ name: 'build' }] });
  const { digest } = JSON.parse(shown.stdout);
  const ci = await runCli(repo.root, ['guardrail', 'plan', SPEC_ID], { SPEC_KIT_TRUST: digest });
  expect(ci.exitCode).toBe(0);
  await runCli(repo.root, ['trust', '--yes']);
  repo.write('spec-kit.toml', settings(node('1')));
  repo.commit();
  expect((await runCli(repo.root, ['guardrail', 'plan', SPEC_ID])).stdout).toContain('spec-kit-mcp trust');
});

test('task changes a row and shows the cells', async ({ repo }) => {
  writePacket(repo);
  const { exitCode, stdout } = await runCli(repo.root, ['task', 'T1', '--note', 'looked at it']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Notes: "" -> ".*looked at it"/);
});

test('a folder that is in no repository is refused, with the reason and the way out', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'spec-kit-none-'));
  try {
    for (const args of [['status'], ['serve']]) {
      const { exitCode, stderr } = await runCli(folder, args);
      expect(exitCode).toBe(4);
      expect(stderr).toMatch(/not in a git repository.*git init/);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('without git the answer says so, and what needs no git still works', async ({ repo }) => {
  writePacket(repo);
  const env = { PATH: '/nowhere' };
  const run = await runCli(repo.root, ['guardrail', 'plan', SPEC_ID], env);
  expect([run.exitCode, run.stderr]).toEqual([5, expect.stringContaining('git was not found')]);
  expect((await runCli(repo.root, ['lint'], env)).stdout).toMatch(/git/);
  expect(repo.git('status', '--porcelain')).toBe('');
});

test('a spec-kit.toml with an unknown key stops what needs it, and names the key', async ({ repo }) => {
  writePacket(repo, '[workspce]\ntracker = "SPEC.md"\n');
  const { exitCode, stderr } = await runCli(repo.root, ['lint']);
  expect([exitCode, stderr]).toEqual([4, expect.stringContaining('did you mean "workspace"?')]);
});

test('verify where nothing is recorded is no success, in a repository and outside of any', async ({
  repo,
}) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'spec-kit-none-'));
  try {
    for (const place of [folder, repo.root])
      expect((await runCli(place, ['verify', '--all'])).exitCode).toBe(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('where there is no spec at all the answer says what starts one', async ({ repo }) => {
  const { exitCode, stderr } = await runCli(repo.root, ['status', 'SPEC-KIT-404']);
  expect([exitCode, stderr]).toEqual([
    4,
    expect.stringContaining('none at all: `spec-kit-mcp new` starts one'),
  ]);
  writePacket(repo);
  const other = await runCli(repo.root, ['status', 'SPEC-KIT-404']);
  expect(other.stderr).toContain(`Known specs: ${SPEC_ID}; \`spec-kit-mcp status\` lists all.`);
});

test('hooks install in a linked work tree writes nothing and says where the hook belongs', async ({
  repo,
}) => {
  writePacket(repo);
  repo.git('worktree', 'add', '-q', '.git/linked');
  const linked = path.join(repo.root, '.git/linked');
  const { exitCode, stderr } = await runCli(linked, ['hooks', 'install']);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('main work tree; for a submodule')]);
  expect(existsSync(path.join(repo.root, '.git/hooks/pre-push'))).toBe(false);
});
