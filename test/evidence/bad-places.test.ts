import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { publishBundle } from '../../src/evidence/publish.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { PROGRAM, runCli } from '../support/cli.js';
import { openTest } from '../support/repository.js';
import { test } from '../support/workspace.js';
import { bundleOf, DEFAULT_ROOT, quiet, SPEC } from './fixtures.js';

/** Mounts of our own, which nobody else sees: only Linux has them, and not everywhere. */
const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0;

/** A shell script in `root` that may mount; `$CLI` is the built program. */
const inNamespace = (root: string, script: string) =>
  execFileSync('unshare', ['-rm', 'sh', '-c', `exec 2>&1; ${script}`], {
    cwd: root,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: path.join(root, '.git/home'),
      CLI: `${process.execPath} ${PROGRAM}`,
    },
  });

describe.runIf(canMount)('an evidence folder', () => {
  test('that is read-only refuses the write and says so, and still verifies', ({ repo, workspace }) => {
    repo.write(`docs/${SPEC}/spec.md`, '# Spec\n');
    publishBundle(workspace, DEFAULT_ROOT, bundleOf(workspace, { 'note.txt': 'x' }));
    const said = inNamespace(
      repo.root,
      `mount --bind ${DEFAULT_ROOT} ${DEFAULT_ROOT} && mount -o remount,ro,bind ${DEFAULT_ROOT} && \
      { echo x | $CLI evidence write ${SPEC} n.md; echo "write $?"; $CLI verify ${SPEC}; echo "verify $?"; }`,
    );
    expect(said).toMatch(/not recorded.*read-only.*EVIDENCE_WRITE_FAILED/s);
    expect(said).toContain('write 5');
    expect(said).toMatch(/1 records and 2 files verify.*\nverify 0/);
  });

  test('on a full disk refuses the write, keeps what was there, and leaves nothing half', ({ repo }) => {
    repo.write(`docs/${SPEC}/spec.md`, '# Spec\n');
    repo.write('big.txt', 'x'.repeat(700_000));
    const said = inNamespace(
      repo.root,
      `mkdir -p ${DEFAULT_ROOT} && mount -t tmpfs -o size=1m none ${DEFAULT_ROOT} && \
      { $CLI evidence write ${SPEC} one.txt --from big.txt; echo "first $?"; \
        $CLI evidence write ${SPEC} two.txt --from big.txt; echo "second $?"; \
        $CLI verify ${SPEC}; echo "verify $?"; ls -A ${DEFAULT_ROOT}/.staging; }`,
    );
    expect(said).toContain('first 0');
    expect(said).toMatch(/not recorded.*no space is left.*EVIDENCE_WRITE_FAILED\)\nsecond 5/s);
    expect(said).toMatch(/1 records and 2 files verify[^\n]*\nverify 0\n\.gitignore\n$/);
  });

  test('without hard links is refused plainly, and nothing is published another way', ({ repo }) => {
    repo.write(`docs/${SPEC}/spec.md`, '# Spec\n');
    const said = inNamespace(
      repo.root,
      `mkdir -p ${DEFAULT_ROOT}/.staging && mount -t tmpfs none ${DEFAULT_ROOT}/.staging && \
      { echo x | $CLI evidence write ${SPEC} n.md; echo "write $?"; find ${DEFAULT_ROOT} -name '*.json'; }`,
    );
    expect(said).toMatch(/no hard links.*local file system.*\(EVIDENCE_FS_NO_LINK\)\nwrite 5\n$/s);
  });
});

test('content of 50 MB is refused, from a file too, and nothing is written', async ({ repo }) => {
  repo.write(`docs/${SPEC}/spec.md`, '# Spec\n');
  repo.write('big.txt', Buffer.alloc(50 * 1024 * 1024, 'x'));
  const ran = await runCli(repo.root, ['evidence', 'write', SPEC, 'n.txt', '--from', 'big.txt']);
  expect(ran).toMatchObject({ exitCode: 4, stderr: expect.stringMatching(/more than 2 MiB/) });
  expect(existsSync(path.join(repo.root, DEFAULT_ROOT))).toBe(false);
});

test('evidence of a clock that was set back verifies: the order is that of the ledger', async ({
  repo,
  workspace,
}) => {
  for (const at of ['2026-11-22T10:00:00Z', '2020-01-01T00:00:00Z', '2031-01-01T00:00:00Z']) {
    const there = openTest(repo.root, {}, new Date(at));
    const bundle = bundleOf(there, { 'note.txt': at });
    publishBundle(there, DEFAULT_ROOT, {
      ...bundle,
      startedAt: there.now().toISOString(),
      endedAt: there.now().toISOString(),
    });
  }
  const report = await verifyEvidence(workspace, DEFAULT_ROOT, { specId: SPEC }, quiet);
  expect(report).toMatchObject({ outcome: 'ok', counts: { records: 3, error: 0 } });
});

test('a clone with core.autocrlf=true verifies', async ({ repo, workspace }) => {
  publishBundle(
    workspace,
    DEFAULT_ROOT,
    bundleOf(workspace, { 'note.txt': 'one\ntwo\n', 'dos.txt': 'a\r\nb\n' }),
  );
  repo.commit();
  const clone = path.join(repo.root, '.git/clone');
  repo.git('clone', '-q', '-c', 'core.autocrlf=true', '-c', 'core.eol=crlf', repo.root, clone);
  const report = await verifyEvidence(openTest(clone), DEFAULT_ROOT, { specId: SPEC }, quiet);
  expect(report).toMatchObject({ outcome: 'ok', findings: [], counts: { records: 1, files: 3 } });
});
