import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { publishBundle } from '../../src/evidence/publish.js';
import { rebaseEvidence } from '../../src/evidence/rebase.js';
import { planRebase } from '../../src/evidence/rebase-plan.js';
import { stagesOf } from '../../src/evidence/stages.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';
import { bundleOf, consensusBundle, guardrailBundle, quiet, ROOT, SPEC } from './fixtures.js';
import { codesOf } from './recorded.js';

const verify = (workspace: Workspace, expectHead?: string) =>
  verifyEvidence(workspace, ROOT, { specId: SPEC, expectHead }, quiet);
const rebase = (workspace: Workspace, apply = true) =>
  rebaseEvidence(workspace, ROOT, SPEC, { apply, adopt: false });

/** Two records before the branches part; two more here, three there, and a merge that git stops. */
async function conflicted(repo: Repository, workspace: Workspace) {
  publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'one' }));
  publishBundle(workspace, ROOT, guardrailBundle(workspace));
  repo.commit('before');
  repo.git('checkout', '-q', '-b', 'other');
  const theirs = [
    publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'theirs' })),
    publishBundle(workspace, ROOT, guardrailBundle(workspace, 'failed', 'failed')),
    publishBundle(workspace, ROOT, consensusBundle(workspace, 'ok')),
  ];
  repo.commit('theirs');
  const [head = ''] = (await verify(workspace)).heads;
  repo.git('checkout', '-q', 'main');
  const ours = [1, 2].map(count =>
    publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': `ours ${count}` })),
  );
  repo.commit('ours');
  const merge = () => repo.git('merge', '-q', 'other');
  return { ours, theirs, head, merge };
}

const bundlesOf = async (workspace: Workspace, all: readonly { bundle: string }[]) => {
  const { counts, outcome } = await verify(workspace);
  return { outcome, records: counts.records, expected: all.length };
};

describe('two branches that both recorded evidence', () => {
  test('are not joined while a bundle of the other side is not here as it was recorded', async ({
    repo,
    workspace,
  }) => {
    const { theirs, merge } = await conflicted(repo, workspace);
    expect(merge).toThrowError();
    const before = repo.read(`${ROOT}/ledger/${SPEC}/00000003.json`);
    rmSync(path.join(repo.root, theirs[1]?.manifest.path ?? ''));
    await expect(rebase(workspace)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(
        `The bundle ${theirs[1]?.bundle} of the other side is not in the work tree`,
      ),
    });
    expect(repo.read(`${ROOT}/ledger/${SPEC}/00000003.json`)).toBe(before);
  });

  test('conflict visibly, and rebase keeps the bundles of both on one chain that verifies', async ({
    repo,
    workspace,
  }) => {
    const { ours, theirs, head, merge } = await conflicted(repo, workspace);
    expect(merge).toThrowError();
    expect(repo.git('status', '--porcelain')).toMatch(/^AA .*ledger\/SPEC-A-1\/00000003\.json$/m);
    expect((await verify(workspace)).outcome).toBe('tampered');

    const before = repo.git('status', '--porcelain');
    const planned = await rebase(workspace, false);
    expect(repo.git('status', '--porcelain')).toBe(before);
    const done = await rebase(workspace);
    expect(done).toMatchObject({ ...planned, applied: true, kept: 4 });
    expect(done.appended.map(({ seq, from, bundle }) => [seq, from, bundle])).toEqual([
      [5, 3, theirs[0]?.bundle],
      [6, 4, theirs[1]?.bundle],
      [7, 5, theirs[2]?.bundle],
    ]);
    const report = await verify(workspace);
    expect(report).toMatchObject({ outcome: 'ok', findings: [], counts: { records: 7 } });

    repo.commit('merged');
    for (const { files } of [...ours, ...theirs])
      expect(repo.git('ls-files', '--', files[0]?.path ?? '')).not.toBe('');
    expect(await verify(workspace, head)).toMatchObject({
      outcome: 'ok',
      anchor: expect.stringContaining('record 7'),
    });
    expect(await rebase(workspace)).toMatchObject({ kept: 7, appended: [] });
  });

  test.for(['--ours', '--theirs'])(
    'may be rebased after somebody took %s and committed',
    async (side, { repo, workspace }) => {
      const { ours, theirs, merge } = await conflicted(repo, workspace);
      expect(merge).toThrowError();
      repo.git('checkout', side, '--', ROOT);
      repo.commit('merged by hand');
      expect((await verify(workspace)).outcome).not.toBe('ok');
      expect((await rebase(workspace)).appended.length).toBeGreaterThan(0);
      expect(await bundlesOf(workspace, [...ours, ...theirs])).toMatchObject({ outcome: 'ok', records: 7 });
      expect((await verify(workspace)).findings).toEqual([]);
    },
  );

  test('are rebased twice, and anchors of every branch still hold', async ({ repo, workspace }) => {
    const { head, merge } = await conflicted(repo, workspace);
    expect(merge).toThrowError();
    await rebase(workspace);
    repo.commit('first merge');
    const [merged = ''] = (await verify(workspace)).heads;
    repo.git('checkout', '-q', '-b', 'third', 'main~1');
    for (let count = 0; count < 4; count++)
      publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': `third ${count}` }));
    repo.commit('third');
    const [third = ''] = (await verify(workspace)).heads;
    expect(() => repo.git('merge', '-q', 'main')).toThrowError();
    await rebase(workspace);
    repo.commit('second merge');
    for (const anchor of [head, merged, third, undefined])
      expect(await verify(workspace, anchor)).toMatchObject({ outcome: 'ok', findings: [] });
  });
});

test.for(['passed', 'failed'] as const)(
  'of two branches the run that came later counts, here one that %s',
  async (later, { repo, workspace }) => {
    const earlier = later === 'passed' ? 'failed' : 'passed';
    const early = { ...workspace, now: () => new Date(workspace.now().getTime() - 60_000) };
    publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'one' }));
    repo.commit('before');
    repo.git('checkout', '-q', '-b', 'other');
    publishBundle(early, ROOT, guardrailBundle(workspace, earlier, earlier));
    repo.commit('theirs, earlier');
    repo.git('checkout', '-q', 'main');
    publishBundle(workspace, ROOT, guardrailBundle(workspace, later, later));
    repo.commit('ours, later');
    expect(() => repo.git('merge', '-q', 'other')).toThrowError();
    expect((await rebase(workspace)).appended).toHaveLength(1);
    expect(stagesOf(workspace, ROOT, SPEC)).toMatchObject([{ stage: 'plan', outcome: later }]);
  },
);

describe('a rebase hides no tampering', () => {
  test('it refuses records after one that was changed', async ({ repo, workspace }) => {
    const made = [1, 2, 3].map(count =>
      publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': `${count}` })),
    );
    repo.commit();
    const second = made[1]?.record.path ?? '';
    const other = repo.read(second).replace(/"at":"2026/, '"at":"2025');
    repo.write(second, other);
    repo.commit();
    await expect(rebase(workspace)).rejects.toThrowError(expect.objectContaining({ code: 'REFUSED' }));
    expect(repo.read(second)).toBe(other);
    repo.write(second, 'rubbish');
    await expect(rebase(workspace)).rejects.toThrowError(expect.objectContaining({ code: 'REFUSED' }));
  });

  test('and a moved record whose neighbours of the other branch vanished is a broken chain', async ({
    workspace,
  }) => {
    publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'x' }));
    const { bundle, manifest } = publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'y' }));
    const stray = {
      v: 1 as const,
      seq: 5,
      prev: 'a'.repeat(64),
      specId: SPEC,
      bundle,
      manifest: { path: manifest.path.slice(ROOT.length + 1), sha256: manifest.sha256 },
      at: '2026-11-22T10:00:00.000Z',
    };
    expect(() => planRebase(new Map(), [{ record: stray, sha256: 'b'.repeat(64) }], [])).toThrowError(
      /neither side has/,
    );
    const path2 = `${ROOT}/ledger/${SPEC}/00000002.json`;
    const now = workspace.files.read(path2, 10_000);
    const forged = String(now?.bytes).replace(
      '"seq"',
      `"rebasedFrom":[{"prev":"${'a'.repeat(64)}","seq":5}],"seq"`,
    );
    workspace.files.replace(path2, Buffer.from(forged), now?.version ?? '');
    const { findings, outcome } = await verify(workspace);
    expect(outcome).toBe('tampered');
    expect(codesOf(findings)).toContain('chain-broken');
  });

  test('it does not go on without the files of the other side', async ({ repo, workspace }) => {
    const { theirs, merge } = await conflicted(repo, workspace);
    expect(merge).toThrowError();
    rmSync(path.join(repo.root, theirs[0]?.manifest.path ?? ''));
    const before = repo.read(`${ROOT}/ledger/${SPEC}/00000003.json`);
    await expect(rebase(workspace)).rejects.toThrowError(/is not in the work tree/);
    expect(repo.read(`${ROOT}/ledger/${SPEC}/00000003.json`)).toBe(before);
  });
});
