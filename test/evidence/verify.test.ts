import { cpSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/evidence/canonical.js';
import { verifyExitCode } from '../../src/evidence/findings.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { makeRepository, openTest } from '../support/repository.js';
import { guardrailBundle, quiet, ROOT, SPEC } from './fixtures.js';
import { codesOf, makeRecorded, type Recorded } from './recorded.js';

let recorded: Recorded;

beforeAll(() => {
  recorded = makeRecorded();
});

afterAll(() => recorded.dispose());

const pick = (pattern: RegExp) => recorded.files.find(file => pattern.test(file)) ?? '';

describe('verifying evidence', () => {
  it('says ok of what was written, and first that there was no anchor', async () => {
    const report = await recorded.reportAfter(() => {});
    expect(report).toMatchObject({
      outcome: 'ok',
      findings: [],
      counts: { error: 0, warning: 0, info: 0, specs: 1, records: 3, files: 8, unverifiable: 0 },
    });
    expect(report.anchor).toMatch(/^No anchor was used/);
    expect(Object.keys(report)[0]).toBe('anchor');
    expect(report.heads[0]).toMatch(new RegExp(`^${SPEC}@3:[0-9a-f]{64}$`));
  });

  it('tells a record copied to a new number, a gap, and a bundle recorded twice', async () => {
    const copied = await recorded.reportAfter(() =>
      cpSync(recorded.at(recorded.recordFile(2)), recorded.at(recorded.recordFile(4))),
    );
    expect(codesOf(copied.findings)).toContain('record-misplaced');
    const gap = await recorded.reportAfter(() =>
      renameSync(recorded.at(recorded.recordFile(3)), recorded.at(recorded.recordFile(7))),
    );
    expect(gap.findings[0]).toMatchObject({ code: 'record-missing', record: 3 });
    expect(gap.findings[0]?.message).toBe('Records 3 to 6 are missing.');
    const twice = await recorded.reportAfter(() => {
      const record: unknown = JSON.parse(recorded.original(recorded.recordFile(3)).toString());
      const next = { ...Object(record), seq: 4, prev: recorded.headDigest };
      writeFileSync(recorded.at(recorded.recordFile(4)), `${canonicalJson(next)}\n`);
    });
    expect(codesOf(twice.findings)).toEqual(['record-duplicate']);
  });

  it('names no byte of what git never had, whatever was changed', async () => {
    const repo = makeRepository();
    const workspace = openTest(repo.root);
    try {
      publishBundle(workspace, ROOT, guardrailBundle(workspace));
      repo.commit();
      const { files, manifest, record } = publishBundle(workspace, ROOT, guardrailBundle(workspace));
      publishBundle(workspace, ROOT, guardrailBundle(workspace));
      // Logs are alike, so that git has the bytes of the first one's.
      for (const { path } of [...files.filter(file => file.path.endsWith('.json')), manifest, record]) {
        const before = repo.read(path);
        repo.write(path, `${before.slice(0, -2)}~\n`);
        const { findings } = await verifyEvidence(workspace, ROOT, { specId: SPEC }, quiet);
        repo.write(path, before);
        const about = findings.filter(({ file }) => file === path);
        expect(about, path).not.toEqual([]);
        expect(
          about.filter(({ line }) => line !== undefined),
          path,
        ).toEqual([]);
      }
    } finally {
      rmSync(repo.root, { recursive: true, force: true });
    }
  });

  it('tells orphans, which a crash leaves, from tampering', async () => {
    const session = '20261122T110000Z-00c0ffee';
    const left = await recorded.reportAfter(() =>
      writeFileSync(recorded.at(`commands/${SPEC}/note_${session}.txt`), 'x'),
    );
    expect(left).toMatchObject({
      outcome: 'incomplete',
      findings: [{ code: 'orphan-file', bundle: session }],
    });
    const bundle = await recorded.reportAfter(() => rmSync(recorded.at(recorded.recordFile(3))));
    expect(bundle).toMatchObject({ outcome: 'incomplete', findings: [{ code: 'orphan-bundle' }] });
    const staged = await recorded.reportAfter(() => {
      mkdirSync(recorded.at('.staging/20261122T110000Z-00c0ffee-11111111'));
      writeFileSync(recorded.at('.staging/20261122T110000Z-00c0ffee-11111111/note.txt'), 'half');
    });
    expect(staged).toMatchObject({ outcome: 'ok', findings: [] });
  });

  it('judges evidence without a manifest by its bytes, beside what is recorded', async () => {
    const write = (name: string, text: string) =>
      writeFileSync(recorded.at(`commands/${SPEC}/${name}`), text);
    const half = await recorded.reportAfter(() => {
      write('spec-plan_2025-10-05T00:22:04Z-26505108.json', '{}');
      write('20251005-001122Z-hal-health.json', '{"ok":true}');
      write('stray.json', '{}');
    });
    expect(half).toMatchObject({
      outcome: 'incomplete',
      counts: { unverifiable: 1, origin: { incomplete: 2, false: 0 }, warning: 2, info: 1 },
    });
    const lie = await recorded.reportAfter(() =>
      write('spec-unlock_2025-10-05T00:22:04Z-1.json', '{"unlock_status":"unlocked"}'),
    );
    expect(lie).toMatchObject({
      outcome: 'false',
      findings: [{ code: 'constant-field', severity: 'error' }],
    });
    expect([half, lie].map(({ outcome }) => verifyExitCode(outcome))).toEqual([2, 1]);
  });

  it('shows the next page of findings when asked', async () => {
    const report = await recorded.reportAfter(() => {
      for (let index = 0; index < 30; index++) writeFileSync(recorded.at(`ledger/${SPEC}/r${index}`), '');
    });
    expect(report).toMatchObject({ omitted: 10, next: { tool: 'verify_evidence', arguments: { from: 20 } } });
  });

  it('does not follow a link that stands in place of a file', async () => {
    const file = pick(/note_.*Z-[0-9a-f]{8}\.txt$/);
    const report = await recorded.reportAfter(() => {
      linkSync(recorded.at(file), recorded.at('moved.txt'));
      rmSync(recorded.at(file));
      symlinkSync('../../moved.txt', recorded.at(file));
    });
    expect(report.findings[0]).toMatchObject({ code: 'file-changed', file: `${ROOT}/${file}` });
  });

  it('denies an outcome that its own checks do not support, though every digest is right', async () => {
    const lying = makeRepository();
    const workspace = openTest(lying.root);
    publishBundle(workspace, ROOT, guardrailBundle(workspace, 'passed', 'failed'));
    const report = await verifyEvidence(workspace, ROOT, { specId: SPEC }, quiet);
    rmSync(lying.root, { recursive: true, force: true });
    expect(report.outcome).toBe('tampered');
    expect(codesOf(report.findings)).toEqual(['false-claim', 'false-claim']);
    expect(report.findings[0]).toMatchObject({ expected: 'failed', actual: 'passed' });
  });

  it('finds a removed newest bundle and a rewritten ledger by their anchor, and says which anchor', async () => {
    const head = `${SPEC}@3:${recorded.headDigest}`;
    const intact = await recorded.reportAfter(() => {}, head);
    expect(intact).toMatchObject({
      outcome: 'ok',
      anchor: `Anchor ${SPEC}@3 was used: the ledger still contains that record.`,
    });
    const removeNewest = () => {
      for (const file of recorded.files.filter(name => recorded.recordOf(name) === 3))
        rmSync(recorded.at(file));
    };
    expect((await recorded.reportAfter(removeNewest)).outcome).toBe('ok');
    const removed = await recorded.reportAfter(removeNewest, head);
    expect(removed).toMatchObject({
      outcome: 'anchor_mismatch',
      findings: [{ code: 'anchor-mismatch', record: 3 }],
    });
    const other = await recorded.reportAfter(() => {}, `${SPEC}@3:${'0'.repeat(64)}`);
    expect(other).toMatchObject({ outcome: 'anchor_mismatch' });
    expect([intact, removed].map(({ outcome }) => verifyExitCode(outcome))).toEqual([0, 3]);
  });

  it('says incomplete of a spec or a workspace without evidence, and what to look at', async () => {
    const bare = makeRepository();
    const workspace = openTest(bare.root);
    const asked = await verifyEvidence(workspace, ROOT, { specId: SPEC }, quiet);
    const all = await verifyEvidence(workspace, ROOT, {}, quiet);
    rmSync(bare.root, { recursive: true, force: true });
    expect(asked).toMatchObject({ outcome: 'incomplete', findings: [{ code: 'no-evidence' }] });
    expect(all).toMatchObject({ outcome: 'incomplete', findings: [{ code: 'no-evidence' }] });
    expect(verifyExitCode(all.outcome)).toBe(2);
    for (const { summary } of [asked, all])
      expect(summary).toMatch(
        /^No evidence is recorded .* nothing was verified\. Check .* folder; run_guardrail/,
      );
  });

  it('warns of missing attributes and of files that git ignores', async () => {
    const bare = await recorded.reportAfter(() => rmSync(recorded.at('.gitattributes')));
    expect(bare).toMatchObject({
      outcome: 'ok',
      findings: [{ code: 'attributes-changed', severity: 'warning' }],
    });
    const ignoring = makeRepository();
    ignoring.write('.gitignore', '*_log.txt\n');
    const workspace = openTest(ignoring.root);
    publishBundle(workspace, ROOT, guardrailBundle(workspace));
    const report = await verifyEvidence(workspace, ROOT, { all: true }, quiet);
    rmSync(ignoring.root, { recursive: true, force: true });
    expect(report).toMatchObject({
      outcome: 'ok',
      findings: [{ code: 'ignored-by-git', severity: 'warning' }],
    });
  });

  it('keeps the report short when a thousand things are wrong', async () => {
    const report = await recorded.reportAfter(() => {
      for (let index = 0; index < 1000; index++)
        writeFileSync(recorded.at(`ledger/${SPEC}/rubbish-${'long-name-'.repeat(15)}${index}`), '');
    });
    expect(report.counts.error).toBe(1000);
    expect(report.findings.length + report.omitted).toBe(1000);
    expect(JSON.stringify(report).length).toBeLessThan(8192);
  });

  it('stops when the call is cancelled', async () => {
    const cancelled = { ...quiet, signal: AbortSignal.abort() };
    await expect(verifyEvidence(recorded.workspace, ROOT, { specId: SPEC }, cancelled)).rejects.toThrowError(
      expect.objectContaining({ code: 'CANCELLED' }),
    );
  });
});
