import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { LOCK_FILE, lockOf, NOBODY, writeLock, writeLockText } from '../support/lock.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { node, settings } from '../support/plan.js';
import { checkOf, runStage } from '../support/stage.js';
import { test } from '../support/workspace.js';

const takeOver = { identity: 'Ana <ana@example.com>', reason: '' };
const hook = (script: string) =>
  settings(node('0'), `[commands.hook]\n${node(script)}\n[guardrail.implement]\nfile_hook = "hook"\n`);

test('takes the lock for this branch and work tree, and the tree stays clean', async ({ repo }) => {
  writePacket(repo);
  const run = await runStage(repo, 'implement');
  expect(run.report.outcome).toBe('passed');
  expect(run.telemetry).toMatchObject({ command: 'spec-ops-implement', lock_status: 'locked' });
  expect(lockOf(repo)).toMatchObject({
    specId: SPEC_ID,
    branch: 'main',
    worktree: repo.root,
    commit: repo.git('rev-parse', 'HEAD').trim(),
    session: run.report.bundle,
    owner: { host: hostname(), pid: process.pid },
  });
  repo.commit('evidence');
  expect(repo.git('status', '--porcelain', '--ignored')).not.toContain('lock');
  expect(run.report.next).toMatchObject({ arguments: { stage: 'validate' } });
});

test('the same branch and work tree may take it again, and keep it when their hook fails', async ({
  repo,
}) => {
  writePacket(repo, hook('process.exit(require("fs").existsSync("fail") ? 1 : 0)'));
  const first = await runStage(repo, 'implement');
  const again = await runStage(repo, 'implement');
  expect(again.report.outcome).toBe('passed');
  expect(checkOf(again, 'spec-lock').message).toContain('holds the lock already');
  repo.write('fail', '');
  repo.commit();
  const failing = await runStage(repo, 'implement');
  expect(failing.report.outcome).toBe('failed');
  expect(failing.telemetry).toMatchObject({ lock_status: 'locked', hook_status: 'failed' });
  expect(lockOf(repo)?.session).toBe(first.report.bundle);
});

test('another branch of the same work tree is refused, with who, where and since when', async ({ repo }) => {
  writePacket(repo);
  await runStage(repo, 'implement');
  repo.commit('evidence');
  repo.git('switch', '-q', '-c', 'feat/other');
  const run = await runStage(repo, 'implement');
  expect(run.report.outcome).toBe('failed');
  expect(run.telemetry).toMatchObject({ lock_status: 'failed' });
  expect(checkOf(run, 'spec-lock').message).toMatch(
    new RegExp(`@${hostname()} on branch main in the work tree .+ since 2026-11-22T10:00:00`),
  );
  expect(lockOf(repo)?.branch).toBe('main');
});

test.for([
  ['whose process is gone', { pid: NOBODY }, /gone.*--take-over/],
  ['whose process lives', { pid: process.ppid, pidStart: 0 }, /unlock SPEC-KIT-DEMO --force/],
  ['of another host', { host: 'elsewhere.example' }, /@elsewhere\.example .*unlock SPEC-KIT-DEMO --force/],
] as const)(
  'a lock of another branch $0 is refused and says the way out',
  async ([, owner, says], { repo }) => {
    writePacket(repo);
    writeLock(repo, { branch: 'feat/x', owner });
    const run = await runStage(repo, 'implement');
    expect(checkOf(run, 'spec-lock')).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(says),
    });
    expect(lockOf(repo)?.branch).toBe('feat/x');
  },
);

test.for([
  ['another user', { owner: { user: 'somebody-else' } }],
  ['another work tree', { worktree: '/elsewhere' }],
  ['a detached HEAD', { branch: null }],
] as const)('the lock of $0 is not mine', async ([, over], { repo }) => {
  writePacket(repo);
  writeLock(repo, over);
  expect((await runStage(repo, 'implement')).report.outcome).toBe('failed');
});

test('a lock of a process that is gone is taken over by order alone, which is a waiver', async ({ repo }) => {
  writePacket(repo);
  writeLock(repo, { branch: 'feat/x' });
  const run = await runStage(repo, 'implement', { orders: { takeOver } });
  expect(run.report.outcome).toBe('passed');
  expect(checkOf(run, 'spec-lock').status).toBe('waived');
  expect(run.report.waivers).toEqual([
    {
      check: 'spec-lock',
      by: takeOver.identity,
      reason: expect.stringMatching(/^Taken over from .*feat\/x/),
    },
  ]);
  expect(lockOf(repo)).toMatchObject({ branch: 'main', session: run.report.bundle });
});

test.for([
  ['of a living process', { pid: process.ppid, pidStart: 0 }],
  ['of another host', { host: 'elsewhere.example' }],
] as const)('a lock $0 is not taken over', async ([, owner], { repo }) => {
  writePacket(repo);
  writeLock(repo, { branch: 'feat/x', owner });
  expect((await runStage(repo, 'implement', { orders: { takeOver } })).report.outcome).toBe('failed');
  expect(lockOf(repo)?.branch).toBe('feat/x');
});

test.for([
  ['empty', ''],
  ['half written', '{"v": 1, "specId": "SPEC-KIT'],
  ['of another kind', '{"pid": 4}'],
  ['far too long', 'x'.repeat(1 << 20)],
] as const)('a lock file that is $0 stops everybody and is left alone', async ([, text], { repo }) => {
  writePacket(repo);
  writeLockText(repo, text);
  const run = await runStage(repo, 'implement', { orders: { takeOver } });
  expect(checkOf(run, 'spec-lock')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('damaged'),
  });
  expect(repo.read(LOCK_FILE)).toBe(text);
});

test('a lock file that is a link or a folder is an error, and nothing behind it changes', async ({
  repo,
}) => {
  writePacket(repo);
  const file = path.join(repo.root, LOCK_FILE);
  mkdirSync(path.dirname(file), { recursive: true });
  const target = path.join(repo.root, '.git/target.json');
  writeFileSync(target, 'precious');
  symlinkSync(target, file);
  await expect(runStage(repo, 'implement')).rejects.toMatchObject({ code: 'FILE_UNAVAILABLE' });
  expect(repo.read('.git/target.json')).toBe('precious');
  rmSync(file);
  mkdirSync(file);
  await expect(runStage(repo, 'implement')).rejects.toMatchObject({ code: 'FILE_UNAVAILABLE' });
});

test('a folder of locks that leads out of the git folder is refused', async ({ repo }) => {
  writePacket(repo);
  mkdirSync(path.join(repo.root, '.git/spec-kit-mcp'), { recursive: true });
  symlinkSync(repo.root, path.join(repo.root, '.git/spec-kit-mcp/locks'));
  await expect(runStage(repo, 'implement')).rejects.toMatchObject({ code: 'OUTSIDE_WORKSPACE' });
  expect(readdirSync(repo.root).sort()).toEqual(['.git', 'SPEC.md', 'docs']);
});

test.for([
  ['passes', 'process.exit(0)', 'passed', 'ok'],
  ['fails', 'process.exit(1)', 'failed', 'failed'],
  ['moves HEAD', 'require("child_process").execSync("git commit -q --allow-empty -m x")', 'failed', 'ok'],
  ['edits a tracked file', 'require("fs").appendFileSync("SPEC.md", "\\n")', 'failed', 'ok'],
] as const)(
  'a hook that $0: $2, and the lock is held only after a pass',
  async ([, script, outcome, status], { repo }) => {
    writePacket(repo, hook(script));
    const run = await runStage(repo, 'implement');
    expect(run.report.outcome).toBe(outcome);
    expect(run.telemetry).toMatchObject({
      lock_status: outcome === 'passed' ? 'locked' : 'failed',
      hook_status: status,
    });
    expect(lockOf(repo) !== undefined).toBe(outcome === 'passed');
  },
);

test('a hook that nobody trusted does not run, and the lock is given back', async ({ repo }) => {
  writePacket(repo, hook('require("fs").writeFileSync("ran", "")'));
  const run = await runStage(repo, 'implement', { trusted: false });
  expect(run.report.outcome).toBe('incomplete');
  expect(run.telemetry).toMatchObject({ lock_status: 'failed', hook_status: 'failed' });
  expect(lockOf(repo)).toBeUndefined();
  expect(repo.git('status', '--porcelain')).not.toContain('ran');
});

test('without the lock the hook does not run', async ({ repo }) => {
  writePacket(repo, hook('require("fs").writeFileSync(".git/ran", "")'));
  writeLock(repo, { branch: 'feat/x' });
  const run = await runStage(repo, 'implement');
  expect(checkOf(run, 'file-hook').status).toBe('not_run');
});

test('a lock that is taken away while the hook runs is missed', async ({ repo }) => {
  writePacket(repo, hook(`require("fs").rmSync(${JSON.stringify(LOCK_FILE)})`));
  const run = await runStage(repo, 'implement');
  expect(run.report.outcome).toBe('failed');
  expect(run.telemetry).toMatchObject({ lock_status: 'failed' });
});

test('a run that cannot be recorded leaves no lock', async ({ repo }) => {
  writePacket(repo, '[workspace]\nevidence_root = "evidence"\n');
  repo.write('evidence/commands', 'a file where a folder should be');
  repo.commit();
  await expect(runStage(repo, 'implement')).rejects.toMatchObject({ code: 'EVIDENCE_WRITE_FAILED' });
  expect(lockOf(repo)).toBeUndefined();
});

test('a cancelled run leaves no lock', async ({ repo }) => {
  writePacket(repo, hook('setTimeout(() => {}, 60000)'));
  const abort = new AbortController();
  const onStep = (message: string) => {
    if (message === 'file-hook') setTimeout(() => abort.abort(), 100);
  };
  const run = await runStage(repo, 'implement', { signal: abort.signal, onStep });
  expect(run.report.outcome).toBe('incomplete');
  expect(lockOf(repo)).toBeUndefined();
});
