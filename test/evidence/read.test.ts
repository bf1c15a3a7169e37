import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { evidenceBundle } from '../../resources/evidence-bundle.js';
import { evidenceFile } from '../../resources/evidence-file.js';
import { evidenceIndex } from '../../resources/evidence-index.js';
import { EvidenceIndex } from '../../schemas/evidence-tools.js';
import { footprintOf } from '../../src/evidence/footprint.js';
import { indexPage, listBundles } from '../../src/evidence/index-page.js';
import { newestSeq } from '../../src/evidence/ledger.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { stagesOf } from '../../src/evidence/stages.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { test } from '../support/workspace.js';
import { bundleOf, DEFAULT_ROOT, guardrailBundle, ROOT, SPEC, writeLedger } from './fixtures.js';

const publish = (workspace: Workspace, texts: Readonly<Record<string, string>>, root = ROOT) =>
  publishBundle(workspace, root, bundleOf(workspace, texts));

describe('the index of evidence', () => {
  test('finds the newest record among any number of records', ({ repo, workspace }) => {
    expect(newestSeq(workspace.files, ROOT, SPEC)).toBe(0);
    for (let seq = 1; seq <= 70; seq++) {
      repo.write(`${ROOT}/ledger/${SPEC}/${String(seq).padStart(8, '0')}.json`, '{}');
      expect(newestSeq(workspace.files, ROOT, SPEC)).toBe(seq);
    }
  });

  test('shows pages of 100, newest first, and where the older ones are', ({ repo, workspace }) => {
    writeLedger(repo, 250);
    const first = indexPage(workspace, ROOT, SPEC, undefined);
    expect(first).toMatchObject({ bundles: 250, older: `spec-kit://evidence/${SPEC}@150` });
    const seqs = [first, indexPage(workspace, ROOT, SPEC, 150), indexPage(workspace, ROOT, SPEC, 50)].flatMap(
      page => page?.entries.map(({ seq }) => seq) ?? [],
    );
    expect(seqs).toEqual(Array.from({ length: 250 }, (_, index) => 250 - index));
    expect(indexPage(workspace, ROOT, SPEC, 50)?.older).toBeNull();
  });

  test('reads as many files for the first page of 3,000 bundles as of 300', ({ repo, workspace }) => {
    const reads = (bundles: number) => {
      writeLedger(repo, bundles);
      let calls = 0;
      const files = {
        ...workspace.files,
        info: (at: string) => {
          calls++;
          return workspace.files.info(at);
        },
        list: (at: string) => {
          calls += 1_000_000;
          return workspace.files.list(at);
        },
      };
      expect(indexPage({ ...workspace, files }, ROOT, SPEC, undefined)?.entries).toHaveLength(100);
      return calls;
    };
    const few = reads(300);
    expect(reads(3000)).toBeLessThanOrEqual(few + 10);
  });

  test('lists every bundle of every spec once over pages of any size', ({ workspace }) => {
    const all: string[] = [];
    for (const specId of ['SPEC-B-1', 'SPEC-A-1', 'SPEC-C-1'])
      for (let count = 0; count < 5; count++) {
        const { resource } = publishBundle(workspace, ROOT, {
          ...bundleOf(workspace, { 'note.txt': 'x' }),
          specId,
        });
        all.push(resource);
      }
    for (const limit of [1, 4, 5, 15, 100]) {
      const seen: string[] = [];
      let from: string | undefined;
      do {
        const page = listBundles(workspace, ROOT, from, limit);
        expect(page.entries.length).toBeLessThanOrEqual(limit);
        seen.push(...page.entries.map(({ uri }) => uri));
        from = page.next;
      } while (from !== undefined);
      expect(seen.toSorted()).toEqual(all.toSorted());
      expect(new Set(seen).size).toBe(15);
    }
    expect(() => listBundles(workspace, ROOT, '../x', 5)).toThrowError(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});

describe('evidence as resources', () => {
  test('reads index, manifest and file, and completes their variables', async ({ workspace }) => {
    const { bundle, manifest } = publish(workspace, { 'note.txt': 'hello\n' }, DEFAULT_ROOT);
    const index = EvidenceIndex.parse(
      JSON.parse((await evidenceIndex.read({ specId: SPEC }, workspace)) ?? ''),
    );
    expect(index.entries[0]).toMatchObject({ bundle, kind: 'caller', attestedBy: 'caller', outcome: null });
    const text = await evidenceBundle.read({ specId: SPEC, bundleId: bundle }, workspace);
    expect(text).toBe(workspace.files.read(manifest.path, 10_000)?.bytes.toString());
    const file = `note_${bundle}.txt`;
    expect(await evidenceFile.read({ specId: SPEC, bundleId: bundle, file }, workspace)).toBe('hello\n');
    expect(await evidenceIndex.complete('specId', 'sp', {}, workspace)).toEqual([SPEC]);
    const filled = { specId: SPEC, bundleId: bundle };
    expect(await evidenceBundle.complete('bundleId', '2026', filled, workspace)).toEqual([bundle]);
    expect(await evidenceFile.complete('file', '', filled, workspace)).toEqual([file]);
    expect((await evidenceIndex.list(workspace, undefined, 10)).entries).toHaveLength(1);
    expect((await evidenceBundle.list(workspace, undefined, 10)).entries).toMatchObject([
      { uri: `spec-kit://evidence/${SPEC}/${bundle}`, name: `${SPEC} note ${bundle}` },
    ]);
  });

  test('has nothing to show for what no record names', async ({ workspace, repo }) => {
    const { bundle } = publish(workspace, { 'note.txt': 'x' }, DEFAULT_ROOT);
    const other = '20200101T000000Z-00000000';
    repo.write(`${DEFAULT_ROOT}/commands/${SPEC}/note_${other}_manifest.json`, '{}');
    repo.write(`${DEFAULT_ROOT}/commands/${SPEC}/stray_${bundle}.txt`, 'x');
    const params = { specId: SPEC, bundleId: bundle };
    expect(await evidenceIndex.read({ specId: 'SPEC-NONE-1' }, workspace)).toBeUndefined();
    expect(await evidenceBundle.read({ ...params, bundleId: other }, workspace)).toBeUndefined();
    expect(await evidenceFile.read({ ...params, file: `stray_${bundle}.txt` }, workspace)).toBeUndefined();
    expect(evidenceFile.params.safeParse({ ...params, file: '../../SPEC.md' }).success).toBe(false);
    expect(evidenceIndex.params.safeParse({ specId: '../x' }).success).toBe(false);
    expect(evidenceIndex.params.safeParse({ specId: `${SPEC}@12` }).success).toBe(true);
  });

  test('refuses to show what is not what was recorded', async ({ workspace, repo }) => {
    const { bundle, files, manifest } = publish(workspace, { 'note.txt': 'hello\n' }, DEFAULT_ROOT);
    const params = { specId: SPEC, bundleId: bundle };
    const file = `note_${bundle}.txt`;
    repo.write(files[0]?.path ?? '', 'hellO\n');
    const refused = expect.objectContaining({ code: 'REFUSED' });
    await expect(evidenceFile.read({ ...params, file }, workspace)).rejects.toThrowError(refused);
    repo.write(manifest.path, `${repo.read(manifest.path)} `);
    await expect(evidenceBundle.read(params, workspace)).rejects.toThrowError(refused);
  });

  test('refuses the manifest of a bundle that does not verify as a whole', async ({ workspace, repo }) => {
    const { bundle, files } = publish(workspace, { 'note.txt': 'hello\n' }, DEFAULT_ROOT);
    publish(workspace, { 'note.txt': 'later' }, DEFAULT_ROOT);
    const read = () => evidenceBundle.read({ specId: SPEC, bundleId: bundle }, workspace);
    await expect(read()).resolves.toContain(bundle);
    repo.write(files[0]?.path ?? '', 'hellO\n');
    await expect(read()).rejects.toThrowError(/file-changed/);
    repo.write(files[0]?.path ?? '', 'hello\n');
    const record = `${DEFAULT_ROOT}/ledger/${SPEC}/00000001.json`;
    repo.write(record, repo.read(record).replace('2026-', '2025-'));
    await expect(read()).rejects.toThrowError(/claim-mismatch|chain-broken/);
  });

  test('refuses files that are too large or no text, and names their digest', async ({ workspace }) => {
    const big = bundleOf(workspace, { 'big.txt': 'x'.repeat(1024 * 1024 + 1), 'zero.txt': 'a\0b' });
    const { files } = publishBundle(workspace, DEFAULT_ROOT, big);
    const read = (stem: string) =>
      evidenceFile.read(
        { specId: SPEC, bundleId: big.sessionId, file: `${stem}_${big.sessionId}.txt` },
        workspace,
      );
    const message = expect.stringContaining(files[0]?.sha256 ?? '?');
    await expect(read('big')).rejects.toThrowError(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', message }),
    );
    await expect(read('zero')).rejects.toThrowError(expect.objectContaining({ code: 'NOT_TEXT' }));
  });

  test('finds an old bundle among many, also one recorded while the clock stood wrong', async ({
    workspace,
  }) => {
    const late = { ...workspace, now: () => new Date('2030-01-01T00:00:00Z') };
    const early = { ...workspace, now: () => new Date('2001-01-01T00:00:00Z') };
    const odd = [
      publish(early, { 'note.txt': 'x' }, DEFAULT_ROOT),
      publish(late, { 'note.txt': 'x' }, DEFAULT_ROOT),
    ];
    for (let count = 0; count < 250; count++) odd.push(publish(workspace, { 'note.txt': 'x' }, DEFAULT_ROOT));
    odd.push(publish(early, { 'note.txt': 'x' }, DEFAULT_ROOT));
    for (const { bundle } of [...odd.slice(0, 4), ...odd.slice(-2)]) {
      const text = await evidenceBundle.read({ specId: SPEC, bundleId: bundle }, workspace);
      expect(text).toContain(`"bundle":"${bundle}"`);
    }
  });

  test('changes the version of an index when a bundle is added', ({ workspace }) => {
    publish(workspace, { 'note.txt': 'x' }, DEFAULT_ROOT);
    const before = evidenceIndex.version({ specId: SPEC }, workspace);
    expect(evidenceIndex.version({ specId: SPEC }, workspace)).toBe(before);
    publish(workspace, { 'note.txt': 'x' }, DEFAULT_ROOT);
    expect(evidenceIndex.version({ specId: SPEC }, workspace)).not.toBe(before);
  });
});

describe('stages and footprint', () => {
  test('take the newest guardrail of a stage and decide its outcome anew', ({ workspace }) => {
    publishBundle(workspace, ROOT, guardrailBundle(workspace, 'passed', 'passed'));
    const failed = publishBundle(workspace, ROOT, guardrailBundle(workspace, 'passed', 'failed'));
    publish(workspace, { 'note.txt': 'x' });
    expect(stagesOf(workspace, ROOT, SPEC)).toMatchObject([
      { stage: 'plan', outcome: 'failed', bundle: failed.bundle },
    ]);
  });

  test('never take a passed outcome from telemetry that changed', ({ workspace, repo }) => {
    const { files } = publishBundle(workspace, ROOT, guardrailBundle(workspace, 'failed', 'failed'));
    const telemetry = path.join(repo.root, files[0]?.path ?? '');
    const text = repo.read(files[0]?.path ?? '');
    writeFileSync(telemetry, text.replaceAll('failed', 'passed'));
    expect(stagesOf(workspace, ROOT, SPEC)).toMatchObject([{ stage: 'plan', outcome: 'incomplete' }]);
    rmSync(telemetry);
    expect(stagesOf(workspace, ROOT, SPEC)).toMatchObject([{ stage: 'plan', outcome: 'incomplete' }]);
  });

  test('count bundles and bytes, also as they grow', ({ workspace }) => {
    expect(footprintOf(workspace, ROOT, SPEC)).toEqual({ bundles: 0, bytes: 0 });
    publish(workspace, { 'note.txt': 'hello' });
    expect(footprintOf(workspace, ROOT, SPEC)).toEqual({ bundles: 1, bytes: 5 });
    publish(workspace, { 'note.txt': 'hello', 'more.txt': '12' });
    expect(footprintOf(workspace, ROOT, SPEC)).toEqual({ bundles: 2, bytes: 12 });
  });
});

test('a ledger folder that leads outside, or whose workspace was removed, has no records and no endless search', ({
  repo,
  workspace,
}) => {
  publish(workspace, { 'note.txt': 'x' });
  expect(newestSeq(workspace.files, ROOT, SPEC)).toBe(1);
  const folder = path.join(repo.root, ROOT, 'ledger', SPEC);
  rmSync(folder, { recursive: true });
  symlinkSync('/etc', folder);
  expect(newestSeq(workspace.files, ROOT, SPEC)).toBe(0);
  rmSync(repo.root, { recursive: true });
  expect(newestSeq(workspace.files, ROOT, SPEC)).toBe(0);
});
