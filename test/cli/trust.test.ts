import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { PROGRAM, runCli } from '../support/cli.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { node, settings } from '../support/plan.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const trustFolder = (repo: Repository) => path.join(repo.root, '.git/home/.config/spec-kit-mcp/trusted');
const trusted = (repo: Repository) => (existsSync(trustFolder(repo)) ? readdirSync(trustFolder(repo)) : []);

test('without a terminal nothing is trusted unless --yes says so', async ({ repo }) => {
  writePacket(repo, settings(node('0')));
  const asked = await runCli(repo.root, ['trust']);
  expect([asked.exitCode, asked.stderr]).toEqual([4, expect.stringMatching(/no terminal.*--yes/)]);
  expect(trusted(repo)).toEqual([]);
  const told = await runCli(repo.root, ['trust', '--yes']);
  expect([told.exitCode, told.stdout]).toEqual([0, expect.stringContaining('is trusted')]);
  const [digest = ''] = trusted(repo);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(statSync(path.join(trustFolder(repo), digest)).mode & 0o777).toBe(0o600);
  expect(statSync(trustFolder(repo)).mode & 0o777).toBe(0o700);
});

test.for([
  [['trust', '--yes'], /^Could not remember the trust in .*SPEC_KIT_TRUST instead\. \(FILE_UNAVAILABLE\)$/],
  [
    ['serve', '--http', '--port', '0'],
    /Could not keep the token .*HTTP_TOKEN instead\. \(FILE_UNAVAILABLE\)$/,
  ],
] as const)(
  'a configuration folder that cannot be made is said, with exit 5: %s',
  async ([words, told], { repo }) => {
    writePacket(repo, settings(node('0')));
    repo.write('.git/plain', '');
    const { exitCode, stderr } = await runCli(repo.root, words, {
      XDG_CONFIG_HOME: path.join(repo.root, '.git/plain'),
    });
    expect([exitCode, stderr.trim()]).toEqual([5, expect.stringMatching(told)]);
    expect(stderr).not.toContain(repo.root);
    expect(stderr).not.toMatch(/^ +at /m);
  },
);

test('--show shows and trusts nothing', async ({ repo }) => {
  writePacket(repo, settings('argv = ["make", "all"]', '[agents.gemini]\nmode = "cli"\ncli = "gemini"\n'));
  const { exitCode, stdout } = await runCli(repo.root, ['trust', '--show']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('build: ["make","all"]');
  expect(stdout).toContain('agent gemini: ["gemini"]');
  expect(stdout).toContain('is not trusted');
  expect(trusted(repo)).toEqual([]);
});

test('a file that changed is asked about again', async ({ repo }) => {
  writePacket(repo, settings(node('0')));
  await runCli(repo.root, ['trust', '--yes']);
  expect((await runCli(repo.root, ['trust'])).exitCode).toBe(0);
  repo.write('spec-kit.toml', settings(node('1')));
  expect((await runCli(repo.root, ['trust'])).exitCode).toBe(4);
  repo.commit();
  const run = await runCli(repo.root, ['guardrail', 'plan', SPEC_ID]);
  expect([run.exitCode, run.stdout]).toEqual([3, expect.stringContaining('spec-kit-mcp trust')]);
});

test('what would redraw the terminal is shown as text', async ({ repo }) => {
  writePacket(repo, settings('argv = ["rm", "\\u202Esafe\\u001b[2K"]'));
  const { stdout } = await runCli(repo.root, ['trust', '--show']);
  expect(stdout).toContain('<U+202E>safe');
  expect(stdout).not.toContain('\u001b');
});

/** Types `answer` into the program at a terminal of its own. */
function atTerminal(repo: Repository, answer: string): Promise<{ output: string; exitCode: number | null }> {
  const command = `'${process.execPath}' '${PROGRAM}' trust`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: repo.root,
    env: { PATH: process.env['PATH'] ?? '', HOME: path.join(repo.root, '.git/home') },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', chunk => {
    if (!output.includes('[y/N]') && `${output}${chunk}`.includes('[y/N]')) child.stdin.write(`${answer}\n`);
    output += chunk;
  });
  return new Promise(resolve => child.on('close', exitCode => resolve({ output, exitCode })));
}

const hasTerminals = ['/usr/bin/script', '/bin/script'].some(file => existsSync(file));

test.skipIf(!hasTerminals)('at a terminal a person is shown the commands and asked', async ({ repo }) => {
  writePacket(repo, settings('argv = ["make", "all"]'));
  const no = await atTerminal(repo, 'n');
  expect(no.output).toMatch(/build: \["make","all"\].*Trust exactly this file\?/s);
  expect([no.exitCode, trusted(repo)]).toEqual([1, []]);
  const enter = await atTerminal(repo, '');
  expect([enter.exitCode, trusted(repo)]).toEqual([1, []]);
  const yes = await atTerminal(repo, 'y');
  expect([yes.exitCode, trusted(repo)]).toEqual([0, [expect.stringMatching(/^[0-9a-f]{64}$/)]]);
});

test('a trust holds in all work trees of its repository, and in no other with the same bytes', async ({
  repo,
}) => {
  writePacket(repo, settings(node('0')));
  const home = { HOME: path.join(repo.root, '.git/home') };
  const isTrusted = async (root: string) =>
    (await runCli(root, ['trust', '--show'], home)).stdout.includes('is trusted');
  await runCli(repo.root, ['trust', '--yes'], home);
  const linked = `${repo.root}-linked`;
  const copy = `${repo.root}-copy`;
  try {
    repo.git('worktree', 'add', '-q', linked);
    repo.git('clone', '-q', repo.root, copy);
    expect(await isTrusted(repo.root)).toBe(true);
    expect(await isTrusted(linked)).toBe(true);
    expect(await isTrusted(copy)).toBe(false);
  } finally {
    for (const folder of [linked, copy]) rmSync(folder, { recursive: true, force: true });
  }
});
