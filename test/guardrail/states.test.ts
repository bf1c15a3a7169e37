import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { recordEarlier } from '../support/earlier.js';
import { SPEC_MD, TRACKER, writePacket } from '../support/packet.js';
import { node } from '../support/plan.js';
import type { Repository } from '../support/repository.js';
import { checkOf, runStage } from '../support/stage.js';
import { test } from '../support/workspace.js';

const scenario = (script: string) =>
  `[commands.e2e]\n${node(script)}\n[guardrail.validate]\nscenarios = ["e2e"]\n`;

/** A command line for git as a script of a scenario. */
const git = (...args: string[]) =>
  `require("child_process").execFileSync("git", ${JSON.stringify(['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args])});`;

test('on a detached HEAD validate and audit work, and record that there is no branch', async ({ repo }) => {
  writePacket(repo, scenario('0'));
  repo.git('checkout', '-q', '--detach');
  recordEarlier(repo);
  for (const stage of ['validate', 'audit'] as const) {
    const { report, telemetry } = await runStage(repo, stage);
    expect([stage, report.outcome, telemetry.git.branch]).toEqual([stage, 'passed', null]);
  }
});

test('without a commit nothing passes, whatever ran', async ({ repo }) => {
  repo.write('SPEC.md', TRACKER);
  repo.write('docs/SPEC-KIT-DEMO/spec.md', SPEC_MD);
  repo.write('spec-kit.toml', scenario('0'));
  const validate = await runStage(repo, 'validate');
  expect(checkOf(validate, 'scenario:e2e').status).toBe('passed');
  expect(checkOf(validate, 'source-unchanged').message).toMatch(/no commit yet/);
  expect([validate.report.outcome, (await runStage(repo, 'audit')).report.outcome]).toEqual([
    'failed',
    'failed',
  ]);
});

test.for([
  ['makes a commit', git('commit', '-q', '--allow-empty', '-m', 'more'), /HEAD moved during the run/],
  ['changes the branch', git('checkout', '-q', '-b', 'elsewhere'), /branch changed during the run/],
  [
    'edits a tracked file',
    'require("fs").appendFileSync("SPEC.md", "\\n");',
    /changed tracked files: SPEC\.md/,
  ],
  [
    'edits the settings',
    'require("fs").appendFileSync("spec-kit.toml", "# easier\\n");',
    /changed tracked files: spec-kit\.toml/,
  ],
  ['removes a tracked file', 'require("fs").rmSync("SPEC.md");', /changed tracked files: SPEC\.md/],
] as const)(
  'a scenario that %s does not pass, and what it did is said',
  async ([, script, message], { repo }) => {
    writePacket(repo, scenario(script));
    const run = await runStage(repo, 'validate');
    expect(run.report.outcome).toBe('failed');
    expect(checkOf(run, 'scenario:e2e').status).toBe('passed');
    expect(checkOf(run, 'source-unchanged').message).toMatch(message);
  },
);

test('a merge in progress is not a state that passes', async ({ repo }) => {
  writePacket(repo, scenario('0'));
  repo.git('checkout', '-q', '-b', 'other');
  repo.write('a.txt', 'theirs');
  repo.commit();
  repo.git('checkout', '-q', 'main');
  repo.write('a.txt', 'ours');
  repo.commit();
  recordEarlier(repo);
  expect(() => repo.git('merge', '-q', 'other')).toThrow();
  for (const stage of ['validate', 'audit'] as const)
    expect([stage, (await runStage(repo, stage)).report.outcome]).toEqual([stage, 'failed']);
});

test('a submodule with changes of its own is an uncommitted change', async ({ repo }) => {
  repo.git('init', '-q', 'sub');
  repo.write('sub/a.txt', 'one');
  repo.git('-C', 'sub', 'add', '-A');
  repo.git('-C', 'sub', '-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '-q', '-m', '1');
  writePacket(repo, scenario('0'));
  recordEarlier(repo);
  expect((await runStage(repo, 'audit')).report.outcome).toBe('passed');
  repo.write('sub/a.txt', 'two');
  const run = await runStage(repo, 'audit');
  expect(checkOf(run, 'clean-tree').message).toMatch(/1 uncommitted: sub/);
  const edits = await runStage(repo, 'validate');
  expect(edits.telemetry.git.dirty).toBe(true);
});

test('a linked work tree has its evidence in itself and is judged by its own commit', async ({ repo }) => {
  writePacket(repo, scenario('0'));
  const folder = `${repo.root}-linked`;
  repo.git('worktree', 'add', '-q', '-b', 'linked', folder);
  const linked: Repository = {
    ...repo,
    root: folder,
    read: relative => execFileSync('cat', [`${folder}/${relative}`], { encoding: 'utf8' }),
  };
  try {
    recordEarlier(linked);
    for (const stage of ['validate', 'audit'] as const) {
      const { report, telemetry } = await runStage(linked, stage);
      expect([stage, report.outcome, telemetry.git.branch]).toEqual([stage, 'passed', 'linked']);
    }
    expect(repo.git('status', '--porcelain')).toBe('');
  } finally {
    repo.git('worktree', 'remove', '--force', folder);
  }
});
