import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import { digestOf } from '../../src/evidence/digest.js';
import { withFirstBytes } from '../../src/evidence/first-byte.js';
import { verifySpec } from '../../src/evidence/verify-spec.js';
import { ROOT, SPEC } from './fixtures.js';
import { filesOf, fiveBundles, flipped, makeRecorded } from './recorded.js';

/** `npm run mutations` takes every byte; the suite takes one in so many. */
const stride = Number(process.env['SPEC_KIT_MUTATION_STRIDE'] ?? 499);
const NEWEST = 5;
const recorded = makeRecorded(fiveBundles);
afterAll(() => recorded.dispose());

let mutants = 0;
afterEach(() => recorded.restore());

/** What is found after a change, without git. */
async function found(): Promise<readonly EvidenceFinding[]> {
  mutants++;
  return (await verifySpec(recorded.workspace, ROOT, SPEC, async () => {})).findings;
}

/** The first error names the record of the file, and some finding the file itself. */
function expectReported(findings: readonly EvidenceFinding[], file: string, what: string): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  expect(first, `${what} of ${file}`).toBeDefined();
  expect(
    errors.map(({ record }) => record),
    `${what} of ${file}`,
  ).toContain(recorded.recordOf(file));
  const told = [...filesOf(findings), ...findings.map(({ message }) => message)];
  expect(
    told.some(text => text?.includes(file)),
    `${what} of ${file}: ${told.join(' | ')}`,
  ).toBe(true);
}

test('the fixture is sound and holds a bundle of every kind', async () => {
  expect(await found()).toEqual([]);
  const kinds = recorded.files
    .filter(name => name.endsWith('_manifest.json'))
    .map(name => /"kind":"(\w+)"/.exec(recorded.original(name).toString())?.[1]);
  expect(kinds.sort()).toEqual(['caller', 'caller', 'consensus', 'guardrail', 'hal']);
});

test('every flipped byte is reported with its record, and as the first byte that differs where git has the rest', async () => {
  // git's part, played by the untouched copy: the blob of a file, or the file at HEAD.
  const byBlob = new Map(recorded.files.map(file => [gitBlob(recorded.original(file)), file]));
  const blob = async (name: string) => {
    const file = byBlob.get(name) ?? name.split(`:${ROOT}/`)[1];
    return file === undefined ? undefined : recorded.original(file);
  };
  const workspace = { ...recorded.workspace, git: { ...recorded.workspace.git, blob } };
  for (const file of recorded.files) {
    const bytes = recorded.original(file);
    for (let at = mutants % stride; at < bytes.length; at += stride) {
      writeFileSync(recorded.at(file), flipped(bytes, at));
      mutants++;
      const verdict = await verifySpec(workspace, ROOT, SPEC, async () => {});
      const findings = await withFirstBytes(workspace, [verdict]);
      expectReported(findings, file, `byte ${at}`);
      const exact = findings.filter(one => one.file === `${ROOT}/${file}` && one.line !== undefined);
      const isNewestRecord = file === recorded.recordFile(NEWEST);
      if (!isNewestRecord)
        expect(
          exact.map(({ byte }) => byte),
          `byte ${at} of ${file}`,
        ).toContain(at);
    }
    writeFileSync(recorded.at(file), bytes);
  }
}, 1_200_000);

function isManifest(file: string): boolean {
  return file.endsWith('_manifest.json');
}

function gitBlob(bytes: Buffer): string {
  return digestOf(bytes).gitBlob;
}

test('every file that is cut, extended, emptied or swapped for any other is reported with its record', async () => {
  for (const file of recorded.files) {
    const bytes = recorded.original(file);
    const others = recorded.files
      .filter((name, index) => name !== file && (stride === 1 || index % 7 === 0))
      .map(name => recorded.original(name));
    const cuts = [0, 1, Math.floor(bytes.length / 2), bytes.length - 1].map(end => bytes.subarray(0, end));
    const ends = ['\n', ' ', '\0', '{}'].map(end => Buffer.concat([bytes, Buffer.from(end)]));
    for (const [index, changed] of [...cuts, ...ends, ...others].entries()) {
      if (changed.equals(bytes)) continue;
      writeFileSync(recorded.at(file), changed);
      expectReported(await found(), file, `content ${index}`);
    }
    writeFileSync(recorded.at(file), bytes);
  }
});

test('every file that is deleted, renamed or duplicated is reported', async () => {
  for (const file of recorded.files) {
    const isNewest = file === recorded.recordFile(NEWEST);
    const full = recorded.at(file);
    const other = path.join(path.dirname(file), `x${path.basename(file)}`);
    const bytes = readFileSync(full);
    rmSync(full);
    const gone = await found();
    if (isNewest) expect(gone.map(({ code }) => code)).toEqual(['orphan-bundle']);
    else expectReported(gone, file, 'deletion');
    writeFileSync(full, bytes);
    renameSync(full, recorded.at(other));
    const moved = await found();
    expect(
      filesOf(moved).some(name => name === file || name === other),
      `renaming of ${file}`,
    ).toBe(true);
    expect(moved.some(({ severity }) => severity === 'error')).toBe(true);
    renameSync(recorded.at(other), full);
    cpSync(full, recorded.at(other));
    expect(filesOf(await found()), `copy of ${file}`).toContain(other);
    rmSync(recorded.at(other));
  }
});

test('two files that change places are both reported', async () => {
  const { files } = recorded;
  for (const [index, file] of files.entries()) {
    if (stride > 1 && index % 3 > 0) continue;
    const other = files[(index + 1) % files.length] ?? '';
    writeFileSync(recorded.at(file), recorded.original(other));
    writeFileSync(recorded.at(other), recorded.original(file));
    const findings = await found();
    // Beside a manifest that is not the recorded one, the other files of its bundle cannot be judged.
    expectReported(findings, isManifest(other) ? other : file, 'exchange');
    const reported = findings.map(({ record }) => record);
    for (const one of [file, other]) expect(reported, `exchange of ${one}`).toContain(recorded.recordOf(one));
    for (const one of [file, other]) writeFileSync(recorded.at(one), recorded.original(one));
  }
});

test('the newest record and its files removed: caught by an anchor, announced as undetectable without one', async () => {
  const remove = () => {
    for (const file of recorded.files) if (recorded.recordOf(file) === NEWEST) rmSync(recorded.at(file));
  };
  const without = await recorded.reportAfter(remove);
  expect(without.anchor).toMatch(
    /^No anchor was used: this cannot tell whether the newest records were removed/,
  );
  expect(without.outcome).toBe('ok');
  const anchored = await recorded.reportAfter(remove, `${SPEC}@${NEWEST}:${recorded.headDigest}`);
  expect(anchored).toMatchObject({ outcome: 'anchor_mismatch', findings: [{ record: NEWEST }] });
  mutants += 2;
});

test('the count of mutants is told', () => {
  const bytes = recorded.files.reduce((sum, file) => sum + recorded.original(file).length, 0);
  console.error(
    `${mutants} mutants of ${recorded.files.length} files (${bytes} bytes), each reported; stride ${stride}.`,
  );
  expect(mutants).toBeGreaterThan(bytes / stride);
});
