import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { lockOf } from '../support/lock.js';
import { writePacket } from '../support/packet.js';
import { makeRepository, type Repository } from '../support/repository.js';
import { checkOf, runStage } from '../support/stage.js';
import { test } from '../support/workspace.js';

/** A second work tree of the repository, on a branch of its own, beside it. */
function addWorktree(repo: Repository, branch: string): string {
  const root = path.join(repo.root, '.git', `tree-${branch}`);
  repo.git('worktree', 'add', '-q', '-b', branch, root);
  return root;
}

test('work trees of one repository share the lock: of many at once exactly one gets it', async ({ repo }) => {
  writePacket(repo);
  const roots = [repo.root, ...['a', 'b', 'c'].map(branch => addWorktree(repo, branch))];
  const runs = await Promise.all(roots.map(root => runStage(repo, 'implement', { root })));
  const winners = runs.filter(({ report }) => report.outcome === 'passed');
  expect(winners).toHaveLength(1);
  expect(lockOf(repo)?.session).toBe(winners[0]?.report.bundle);
  expect(roots).toContain(lockOf(repo)?.worktree);
});

test('a work tree whose main repository does not know it takes no lock', async ({ repo }) => {
  writePacket(repo);
  const root = addWorktree(repo, 'a');
  const victim = makeRepository();
  writeFileSync(path.join(repo.root, '.git/worktrees/tree-a/commondir'), path.join(victim.root, '.git'));
  await expect(runStage(repo, 'implement', { root })).rejects.toMatchObject({ code: 'GIT_UNAVAILABLE' });
  rmSync(victim.root, { recursive: true });
});

test('a detached HEAD holds the lock as such', async ({ repo }) => {
  writePacket(repo);
  repo.git('switch', '-q', '--detach');
  expect((await runStage(repo, 'implement')).report.outcome).toBe('passed');
  expect(lockOf(repo)?.branch).toBeNull();
  repo.git('switch', '-q', 'main');
  const run = await runStage(repo, 'implement');
  expect(checkOf(run, 'spec-lock').message).toContain('on a detached HEAD');
});

test('without a commit nothing is locked', async ({ repo }) => {
  writePacket(repo);
  repo.git('update-ref', '-d', 'HEAD');
  const run = await runStage(repo, 'implement');
  expect(run.report.outcome).toBe('failed');
  expect(checkOf(run, 'source-unchanged').message).toContain('no commit yet');
  expect(lockOf(repo)).toBeUndefined();
});

test('in the middle of a merge nothing is locked', async ({ repo }) => {
  writePacket(repo);
  repo.git('switch', '-q', '-c', 'other');
  repo.commit('other');
  repo.git('switch', '-q', 'main');
  repo.commit('main');
  repo.git('merge', '-q', '--no-commit', '--no-ff', 'other');
  const run = await runStage(repo, 'implement');
  expect(run.report.outcome).toBe('failed');
  expect(checkOf(run, 'source-unchanged').message).toContain('merge is in progress');
  expect(lockOf(repo)).toBeUndefined();
});

test('a submodule has its own locks', async ({ repo }) => {
  const inner = makeRepository();
  writePacket(inner);
  repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'inner');
  repo.git('-C', 'inner', 'config', 'user.email', 'test@example.com');
  const run = await runStage(repo, 'implement', { root: path.join(repo.root, 'inner') });
  expect(run.report.outcome).toBe('passed');
  expect(repo.read('.git/modules/inner/spec-kit-mcp/locks/SPEC-KIT-DEMO.json')).toContain('"branch": "main"');
  expect(lockOf(repo)).toBeUndefined();
  rmSync(inner.root, { recursive: true });
});
