import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { createProgressLines } from '../../src/cli/progress-lines.js';
import { runCli } from '../support/cli.js';
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
