import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { HOOK, HOOK_PATH } from '../../src/cli/hook-script.js';
import { createProgressLines } from '../../src/cli/progress-lines.js';
import { writeEvidence } from '../../src/evidence/write.js';
import { loadSettings } from '../../src/settings/load.js';
import { runCli } from '../support/cli.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { test } from '../support/workspace.js';

test('bash completes commands, flags and stages from the script', async ({ repo }) => {
  const { stdout, exitCode } = await runCli(repo.root, ['completion', 'bash']);
  expect(exitCode).toBe(0);
  const complete = (...words: string[]) =>
    execFileSync(
      'bash',
      [
        '-c',
        `${stdout}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _spec_kit_mcp; echo "\${COMPREPLY[*]}"`,
        'x',
        ...words,
      ],
      { encoding: 'utf8' },
    ).trim();
  expect(complete('spec-kit-mcp', 'gua')).toBe('guardrail');
  expect(complete('spec-kit-mcp', 'guardrail', 'va')).toBe('validate');
  expect(complete('spec-kit-mcp', 'auto', '--res')).toBe('--resume');
});

test('zsh and fish get every command; an unknown shell is refused', async ({ repo }) => {
  const zsh = await runCli(repo.root, ['completion', 'zsh']);
  expect(zsh.stdout).toMatch(/^#compdef spec-kit-mcp\n/);
  const fish = await runCli(repo.root, ['completion', 'fish']);
  for (const name of ['auto', 'new', 'doctor', 'serve', 'completion']) {
    expect(zsh.stdout).toContain(`    ${name}) _arguments`);
    expect(fish.stdout).toContain(`-f -a ${name} -d '`);
  }
  expect((await runCli(repo.root, ['completion', 'powershell'])).exitCode).toBe(4);
});

test('progress is a line a step; on a terminal with the seconds it took, and nothing is drawn over', () => {
  const show = (tty: boolean, color: boolean) => {
    let text = '';
    let now = 0;
    const lines = createProgressLines({ tty, color, write: part => (text += part), nowMs: () => now });
    lines.step(0, 2, 'clean-tree');
    lines.step(0, 2, 'clean-tree');
    now = 1500;
    lines.step(1, 2, 'build\u001b[2J');
    now = 1600;
    lines.end();
    return text;
  };
  expect(show(false, false)).toBe('[1/2] clean-tree\n[2/2] build\n');
  expect(show(true, false)).toBe('[1/2] clean-tree 1.5 s\n[2/2] build 0.1 s\n');
  expect(show(true, true).replaceAll('\u001b[2m', '').replaceAll('\u001b[22m', '')).toBe(show(true, false));
});

test('the hook lets a sound push go and stops one with changed evidence; it is installed and removed without harm', async ({
  repo,
  workspace,
}) => {
  writePacket(repo);
  expect((await runCli(repo.root, ['hooks', 'install'])).exitCode).toBe(0);
  expect(repo.read(HOOK_PATH)).toBe(HOOK);
  expect((await runCli(repo.root, ['hooks', 'install'])).exitCode).toBe(0);
  const bundle = await writeEvidence(workspace, await loadSettings(workspace), {
    specId: SPEC_ID,
    name: 'note.txt',
    content: 'x',
    kind: 'note',
  });
  const bin = path.join(repo.root, '.git/bin');
  mkdirSync(bin);
  const program = path.join(import.meta.dirname, '../../dist/bin/spec-kit-mcp.js');
  writeFileSync(path.join(bin, 'spec-kit-mcp'), `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`, {
    mode: 0o755,
  });
  const push = (skip = '') => {
    try {
      const env = { PATH: `${bin}:${process.env['PATH']}`, HOME: repo.root, SPEC_KIT_SKIP_HOOK: skip };
      return execFileSync(path.join(repo.root, HOOK_PATH), {
        cwd: repo.root,
        env,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch (error) {
      return `blocked: ${String(Object(error).stdout)}`;
    }
  };
  expect(push()).not.toMatch(/^blocked/);
  repo.write(bundle.files[0]?.path ?? '', 'y');
  expect(push()).toMatch(/^blocked: .*SPEC_KIT_SKIP_HOOK=1/s);
  expect(push('1')).toBe('');
  repo.write(HOOK_PATH, `${HOOK}# mine\n`);
  expect((await runCli(repo.root, ['hooks', 'uninstall'])).exitCode).toBe(1);
  expect((await runCli(repo.root, ['hooks', 'install'])).exitCode).toBe(4);
  repo.write(HOOK_PATH, HOOK);
  expect((await runCli(repo.root, ['hooks', 'uninstall'])).exitCode).toBe(0);
});
