import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { archiveBundles } from '../../src/evidence/archive.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { fileText, manifestText } from '../../src/evidence/read-bundle.js';
import { restoreBundles } from '../../src/evidence/restore.js';
import { stagesOf } from '../../src/evidence/stages.js';
import { statsOf } from '../../src/evidence/stats.js';
import { packTar, unpackTar } from '../../src/evidence/tar.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { runCli } from '../support/cli.js';
import { openTest, type Repository } from '../support/repository.js';
import { test as base } from '../support/workspace.js';
import { bundleOf, consensusBundle, DEFAULT_ROOT, guardrailBundle, quiet, SPEC } from './fixtures.js';
import { codesOf, flipped } from './recorded.js';

const NOW = new Date('2026-11-22T10:00:00Z');
const DAY = 24 * 60 * 60 * 1000;
const BEFORE = NOW.getTime() - 30 * DAY;

/** Two old guardrails of one stage, an old consensus and note, and a note of today; digests of every file. */
const test = base.extend<{ old: ReturnType<typeof fill> }>({
  old: async ({ repo }, use) => {
    await use(fill(repo));
  },
});

function fill(repo: Repository) {
  const then = openTest(repo.root, {}, new Date(NOW.getTime() - 60 * DAY));
  const at = then.now().toISOString();
  const made = [
    guardrailBundle(then, 'failed', 'failed'),
    bundleOf(then, { 'note.txt': 'old\n', 'big.txt': 'x'.repeat(100_000) }),
    guardrailBundle(then),
    consensusBundle(then, 'ok'),
  ].map(bundle => publishBundle(then, DEFAULT_ROOT, { ...bundle, startedAt: at, endedAt: at }));
  publishBundle(openTest(repo.root), DEFAULT_ROOT, bundleOf(openTest(repo.root), { 'note.txt': 'today' }));
  return { made, digests: digests(repo) };
}

function digests(repo: Repository) {
  const root = path.join(repo.root, DEFAULT_ROOT);
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(name =>
    /^(commands|consensus|ledger)\/.*\./.test(name),
  );
  return names.sort().map(name => [
    name,
    createHash('sha256')
      .update(readFileSync(path.join(root, name)))
      .digest('hex'),
  ]);
}

const verify = (repo: Repository) =>
  verifyEvidence(openTest(repo.root), DEFAULT_ROOT, { specId: SPEC }, quiet);
const archive = (repo: Repository, apply = true) =>
  archiveBundles(openTest(repo.root), DEFAULT_ROOT, SPEC, BEFORE, apply);

describe('the archive', () => {
  test('takes old bundles but the newest of a stage, and all verifies; restored, every byte is back', async ({
    repo,
    old,
  }) => {
    const [failed, note, newest, consensus] = old.made;
    expect(archive(repo, false)).toMatchObject({
      applied: false,
      archived: [{ bundle: failed?.bundle }, { bundle: note?.bundle }],
      kept: [],
    });
    expect(digests(repo)).toEqual(old.digests);
    const before = await verify(repo);
    expect(before.outcome).toBe('ok');

    expect(archive(repo).archived.map(({ bundle }) => bundle)).toEqual([failed?.bundle, note?.bundle]);
    expect(existsSync(path.join(repo.root, note?.manifest.path ?? ''))).toBe(false);
    for (const kept of [newest, consensus])
      expect(existsSync(path.join(repo.root, kept?.manifest.path ?? ''))).toBe(true);
    const archived = await verify(repo);
    expect(archived).toMatchObject({ outcome: 'ok', findings: [], counts: before.counts });
    expect(stagesOf(openTest(repo.root), DEFAULT_ROOT, SPEC)).toMatchObject([
      { stage: 'plan', outcome: 'passed' },
    ]);
    expect(archive(repo).archived).toEqual([]);

    expect(restoreBundles(openTest(repo.root), DEFAULT_ROOT, SPEC, undefined, false).restored).toHaveLength(
      2,
    );
    restoreBundles(openTest(repo.root), DEFAULT_ROOT, SPEC, undefined, true);
    expect(digests(repo)).toEqual(old.digests);
    expect(readdirSync(path.join(repo.root, DEFAULT_ROOT, 'archive', SPEC))).toEqual([]);
    expect(await verify(repo)).toMatchObject({ outcome: 'ok', findings: [] });
  });

  test('is read like the rest: manifests and files of archived bundles are still shown', ({ repo, old }) => {
    archive(repo);
    const bundle = old.made[1]?.bundle ?? '';
    const workspace = openTest(repo.root);
    expect(manifestText(workspace, DEFAULT_ROOT, SPEC, bundle)).toContain(`"bundle":"${bundle}"`);
    expect(fileText(workspace, DEFAULT_ROOT, SPEC, bundle, `note_${bundle}.txt`)).toBe('old\n');
  });

  test('that is damaged, swapped, renamed or filled with more is named, and not restored', async ({
    repo,
    old,
  }) => {
    archive(repo);
    const folder = path.join(repo.root, DEFAULT_ROOT, 'archive', SPEC);
    const [one = '', two = ''] = old.made
      .slice(0, 2)
      .map(({ bundle }) => path.join(folder, `${bundle}.evidence`));
    const original = readFileSync(one);
    const workspace = openTest(repo.root);
    for (let at = 0; at < original.length; at += at < 12 ? 1 : 97) {
      writeFileSync(one, flipped(original, at));
      const { outcome, findings } = await verify(repo);
      expect(outcome, `byte ${at}`).toBe('tampered');
      expect(
        findings.some(({ record }) => record === 1),
        `byte ${at}`,
      ).toBe(true);
    }
    for (const end of ['\n', '\0', original.toString('latin1')]) {
      writeFileSync(one, Buffer.concat([original, Buffer.from(end, 'latin1')]));
      expect((await verify(repo)).outcome).toBe('tampered');
    }
    writeFileSync(one, original.subarray(0, -9));
    expect(() => restoreBundles(workspace, DEFAULT_ROOT, SPEC, old.made[0]?.bundle, true)).toThrowError(
      expect.objectContaining({ code: 'REFUSED' }),
    );
    writeFileSync(one, readFileSync(two));
    expect(codesOf((await verify(repo)).findings)).toContain('extra-file');
    const more = [
      ...unpackTar(workspace.compress.unpack(original, 1e7) ?? Buffer.alloc(0)),
      { name: 'commands/x', bytes: Buffer.from('x') },
    ];
    writeFileSync(one, workspace.compress.pack(packTar(more)));
    expect(codesOf((await verify(repo)).findings)).toEqual(['extra-file']);
    rmSync(one);
    expect(codesOf((await verify(repo)).findings)).toContain('manifest-missing');
    writeFileSync(one, original);
    writeFileSync(path.join(folder, 'stray.txt'), 'x');
    expect(codesOf((await verify(repo)).findings)).toEqual(['extra-file']);
  });

  test('leaves a bundle alone that does not verify, and one that is being restored over another file', async ({
    repo,
    old,
  }) => {
    const note = old.made[1];
    const file = note?.files[0]?.path ?? '';
    const text = repo.read(file);
    repo.write(file, 'changed');
    expect(archive(repo).kept).toEqual([{ bundle: note?.bundle, why: 'it does not verify' }]);
    repo.write(file, text);
    archive(repo);
    repo.write(file, 'another');
    expect(() => restoreBundles(openTest(repo.root), DEFAULT_ROOT, SPEC, note?.bundle, true)).toThrowError(
      /is another file/,
    );
    expect(repo.read(file)).toBe('another');
  });

  test('goes on after an interruption that left a bundle in both places', async ({ repo, old }) => {
    const note = old.made[1]?.files[0]?.path ?? '';
    const text = repo.read(note);
    archive(repo);
    repo.write(note, text);
    expect((await verify(repo)).outcome).toBe('ok');
    restoreBundles(openTest(repo.root), DEFAULT_ROOT, SPEC, undefined, true);
    expect(digests(repo)).toEqual(old.digests);
  });
});

test('the commands show before they act, and stats count what is there', async ({ repo, old }) => {
  const cli = (...args: string[]) => runCli(repo.root, args);
  expect((await cli('archive', SPEC)).exitCode).toBe(4);
  const planned = await cli('archive', SPEC, '--older-than', '0d');
  expect(planned).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Nothing was changed') });
  expect(digests(repo)).toEqual(old.digests);
  expect((await cli('archive', '--older-than', '0d', '--apply')).exitCode).toBe(0);
  expect((await cli('verify', SPEC)).exitCode).toBe(0);
  expect((await cli('stats')).stdout).toMatch(
    /5 bundles.*\n {2}caller: 2 bundles.*\n {2}consensus: 1.*\n {2}guardrail: 2[\s\S]*archived: 3 bundles/,
  );
  const { all, inTree, overLimit, archived } = statsOf(openTest(repo.root), DEFAULT_ROOT, SPEC);
  expect([all.bundles, archived.bundles, overLimit]).toEqual([5, 3, false]);
  expect(inTree).toBeLessThan(all.bytes);
  expect((await cli('restore', SPEC, '--apply')).exitCode).toBe(0);
  expect(digests(repo)).toEqual(old.digests);
  expect((await cli('restore', SPEC)).exitCode).toBe(4);
});
