import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { CheckStatus } from '../../schemas/guardrail.js';
import { SpecError } from '../../src/errors.js';
import { runCli } from '../support/cli.js';
import { ROOT, recordStage } from '../support/earlier.js';
import { lockOf, writeLock, writeLockText } from '../support/lock.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { node, settings } from '../support/plan.js';
import type { Repository } from '../support/repository.js';
import { checkOf, runStage } from '../support/stage.js';
import { test } from '../support/workspace.js';

const force = { identity: 'Ana <ana@example.com>', reason: 'the branch was given up' };

/** An audit of HEAD as the server would record it: where its telemetry lies. */
function recordAudit(repo: Repository, status: CheckStatus = 'passed', dirty = false): string {
  return `${ROOT}/commands/${SPEC_ID}/spec-audit_${recordStage(repo, 'audit', { status, dirty })}.json`;
}

test('after a passed audit of this commit the lock is released', async ({ repo }) => {
  writePacket(repo);
  await runStage(repo, 'implement');
  recordAudit(repo);
  const run = await runStage(repo, 'unlock');
  expect(run.report.outcome).toBe('passed');
  expect(run.telemetry).toMatchObject({ command: 'spec-ops-unlock', unlock_status: 'unlocked' });
  expect(lockOf(repo)).toBeUndefined();
});

test('evidence and tracker may be committed after the audit; anything else needs a new one', async ({
  repo,
}) => {
  writePacket(repo);
  await runStage(repo, 'implement');
  recordAudit(repo);
  repo.write('SPEC.md', `${repo.read('SPEC.md')}\n`);
  repo.commit('evidence and tracker');
  repo.write('code.ts', 'changed');
  repo.commit('code');
  const late = await runStage(repo, 'unlock');
  expect(checkOf(late, 'audit-passed')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('code.ts'),
  });
  expect(late.telemetry).toMatchObject({ unlock_status: 'failed' });
  expect(lockOf(repo)).toBeDefined();
  repo.git('revert', '--no-edit', 'HEAD');
  expect((await runStage(repo, 'unlock')).report.outcome).toBe('passed');
});

test.for([
  ['there is no audit', () => {}],
  ['the audit failed', (repo: Repository) => recordAudit(repo, 'failed')],
  ['the audit is incomplete', (repo: Repository) => recordAudit(repo, 'not_run')],
  ['the audit ran on uncommitted changes', (repo: Repository) => recordAudit(repo, 'passed', true)],
  [
    'the audit was edited by hand',
    (repo: Repository) => {
      const file = recordAudit(repo, 'failed');
      writeFileSync(path.join(repo.root, file), repo.read(file).replace('"failed"', '"passed"'));
    },
  ],
  [
    'the log of the audit was edited',
    (repo: Repository) => {
      const log = recordAudit(repo).replace('.json', '_log.txt');
      repo.write(log, `${repo.read(log)}and all was well\n`);
    },
  ],
  [
    'a failed audit came after a passed one',
    (repo: Repository) => {
      recordAudit(repo);
      recordAudit(repo, 'failed');
    },
  ],
  [
    'the record of the failed audit that came later was spoilt',
    (repo: Repository) => {
      recordAudit(repo);
      recordAudit(repo, 'failed');
      const folder = `${ROOT}/ledger/${SPEC_ID}`;
      const newest = readdirSync(path.join(repo.root, folder)).sort().at(-1);
      repo.write(`${folder}/${newest}`, '{}');
    },
  ],
] as const)('when $0, nothing is released', async ([, prepare], { repo }) => {
  writePacket(repo);
  await runStage(repo, 'implement');
  prepare(repo);
  const run = await runStage(repo, 'unlock');
  expect(run.report.outcome).toBe('failed');
  expect(checkOf(run, 'audit-passed').message).toContain('Run the audit guardrail first');
  expect(run.report.next).toMatchObject({ arguments: { stage: 'audit' } });
  expect(run.telemetry).toMatchObject({ unlock_status: 'failed' });
  expect(lockOf(repo)).toBeDefined();
});

test('what is uncommitted was never audited, and only a person can unlock over it', async ({ repo }) => {
  writePacket(repo);
  await runStage(repo, 'implement');
  recordAudit(repo);
  repo.write('SPEC.md', `${repo.read('SPEC.md')}\nmore\n`);
  const run = await runStage(repo, 'unlock');
  expect(checkOf(run, 'clean-tree')).toMatchObject({ status: 'failed' });
  expect(checkOf(run, 'audit-passed')).toMatchObject({ status: 'passed' });
  expect(run.report.outcome).toBe('failed');
  expect(lockOf(repo)).toBeDefined();
  const forced = await runStage(repo, 'unlock', { orders: { force } });
  expect(forced.report).toMatchObject({ outcome: 'passed', waivers: [{ check: 'clean-tree' }] });
});

test.for([
  ['failed', /newest validate run, \S+, is failed, and the audit did not count it/],
  ['not_run', /newest validate run, \S+, is incomplete/],
] as const)('an audit does not open the lock after a stage that %s', async ([status, message], { repo }) => {
  writePacket(repo);
  await runStage(repo, 'implement');
  recordStage(repo, 'validate');
  recordAudit(repo);
  recordStage(repo, 'validate', { status });
  const run = await runStage(repo, 'unlock');
  expect(checkOf(run, 'audit-passed')).toMatchObject({
    status: 'failed',
    message: expect.stringMatching(message),
  });
  expect(lockOf(repo)).toBeDefined();
  recordStage(repo, 'validate');
  expect((await runStage(repo, 'unlock')).report.outcome).toBe('passed');
});

test('a lock that nobody holds cannot be released, not even by force', async ({ repo }) => {
  writePacket(repo);
  recordAudit(repo);
  for (const orders of [{}, { force }]) {
    const run = await runStage(repo, 'unlock', { orders });
    expect(run.report.outcome).toBe('failed');
    expect(checkOf(run, 'lock-held').message).toContain('Nobody holds the lock');
    expect(run.telemetry).toMatchObject({ unlock_status: 'failed' });
  }
});

test.for([
  ['of another branch', (repo: Repository) => writeLock(repo, { branch: 'feat/x' }), /branch feat\/x/],
  ['that is damaged', (repo: Repository) => writeLockText(repo, '{'), /damaged/],
] as const)('a lock $0 is released by force alone', async ([, prepare, says], { repo }) => {
  writePacket(repo);
  recordAudit(repo);
  prepare(repo);
  const run = await runStage(repo, 'unlock');
  expect(checkOf(run, 'lock-held')).toMatchObject({ status: 'failed', message: expect.stringMatching(says) });
  const forced = await runStage(repo, 'unlock', { orders: { force } });
  expect(forced.report.outcome).toBe('passed');
  expect(forced.report.waivers).toEqual([{ check: 'lock-held', by: force.identity, reason: force.reason }]);
  expect(readdirSync(path.join(repo.root, '.git/spec-kit-mcp/locks'))).toEqual(['claims']);
});

test('a failing policy keeps the lock', async ({ repo }) => {
  const judge = `[commands.judge]\n${node('console.log("FAIL")')}\n[policy]\nfinal = "judge"\n`;
  writePacket(repo, settings(node('0'), judge));
  writeLock(repo);
  recordAudit(repo);
  const run = await runStage(repo, 'unlock');
  expect(run.report.outcome).toBe('failed');
  expect(checkOf(run, 'lock-released').status).toBe('not_run');
  expect(lockOf(repo)).toBeDefined();
});

test('when the release cannot be recorded, the lock is back', async ({ repo }) => {
  writePacket(repo);
  writeLock(repo);
  recordAudit(repo);
  const before = lockOf(repo);
  const broken = runStage(repo, 'unlock', {
    world: workspace => ({
      ...workspace,
      files: {
        ...workspace.files,
        openFolder(folder) {
          if (lockOf(repo) !== undefined) return workspace.files.openFolder(folder);
          throw new SpecError('FILE_UNAVAILABLE', 'The disk is full.');
        },
      },
    }),
  });
  await expect(broken).rejects.toMatchObject({ code: 'EVIDENCE_WRITE_FAILED' });
  expect(lockOf(repo)).toEqual(before);
});

test('on the command line a person forces with a reason, under their git identity', async ({ repo }) => {
  writePacket(repo);
  writeLock(repo, { branch: 'feat/x' });
  const unlock = ['guardrail', 'unlock', SPEC_ID];
  const silent = await runCli(repo.root, [...unlock, '--force']);
  expect([silent.exitCode, silent.stderr]).toEqual([4, expect.stringContaining('--reason')]);
  const misplaced = await runCli(repo.root, ['guardrail', 'plan', SPEC_ID, '--force', '--reason', 'x']);
  expect([misplaced.exitCode, misplaced.stderr]).toEqual([4, expect.stringContaining('unlock stage')]);
  repo.git('config', '--unset', 'user.email');
  const nobody = await runCli(repo.root, [...unlock, '--force', '--reason', 'given up']);
  expect([nobody.exitCode, nobody.stderr]).toEqual([4, expect.stringContaining('user.email')]);
  expect(lockOf(repo)).toBeDefined();
  repo.git('config', 'user.email', 'test@example.com');
  const forced = await runCli(repo.root, [...unlock, '--force', '--reason', 'given up']);
  expect(forced.exitCode).toBe(0);
  expect(forced.stdout).toContain('audit-passed by Test <test@example.com>: given up');
  expect(forced.stderr).toContain('lock-held');
  expect(lockOf(repo)).toBeUndefined();
});

test('what a command line took is held by its branch, and taken over from another by order', async ({
  repo,
}) => {
  writePacket(repo);
  expect((await runCli(repo.root, ['guardrail', 'implement', SPEC_ID])).exitCode).toBe(0);
  expect((await runCli(repo.root, ['guardrail', 'implement', SPEC_ID])).exitCode).toBe(0);
  repo.git('switch', '-q', '-c', 'feat/y');
  const refused = await runCli(repo.root, ['guardrail', 'implement', SPEC_ID]);
  expect([refused.exitCode, refused.stdout]).toEqual([1, expect.stringContaining('--take-over')]);
  const taken = await runCli(repo.root, ['guardrail', 'implement', SPEC_ID, '--take-over']);
  expect([taken.exitCode, taken.stdout]).toEqual([0, expect.stringContaining('by Test <test@example.com>')]);
  expect(lockOf(repo)?.branch).toBe('feat/y');
});
