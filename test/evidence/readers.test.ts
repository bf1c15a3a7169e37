import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { LedgerRecord, Manifest } from '../../schemas/evidence.js';
import { canonicalJson } from '../../src/evidence/canonical.js';
import { recordOfText } from '../../src/evidence/record-text.js';
import { readStored } from '../../src/evidence/stored-json.js';
import { ambiguityOf } from '../../src/evidence/strict-json.js';
import { originFile } from '../../src/origin/names.js';
import { SPEC, surveyOf } from '../origin/fixtures.js';
import { makeRepository, openTest } from '../support/repository.js';
import { makeRecorded } from './recorded.js';

/** SPEC_KIT_FUZZ_RUNS=10000 npx vitest run test/evidence/readers.test.ts: the run of a release. */
const numRuns = Number(process.env['SPEC_KIT_FUZZ_RUNS'] ?? 150);
const recorded = makeRecorded();
const shared = makeRepository();
const workspace = openTest(shared.root);
afterAll(() => {
  recorded.dispose();
  rmSync(shared.root, { recursive: true, force: true });
});

/** Bytes: of any kind, JSON, and real records and manifests with a piece cut out, doubled or replaced. */
const originals = recorded.files
  .filter(name => /ledger|manifest/.test(name))
  .map(name => recorded.original(name));
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map(array => Buffer.from(array)),
  fc.string({ unit: 'binary', maxLength: 200 }).map(text => Buffer.from(text)),
  fc.json({ maxDepth: 6 }).map(text => Buffer.from(text)),
  fc
    .tuple(fc.constantFrom(...originals), fc.nat(), fc.nat(40), fc.uint8Array({ maxLength: 8 }))
    .map(([original, from, length, put]) => {
      const at = from % original.length;
      return Buffer.concat([original.subarray(0, at), put, original.subarray(at + length)]);
    }),
);

test('the readers of JSON find what is wrong in any bytes and throw at none', () => {
  fc.assert(
    fc.property(bytes, input => {
      const { value, flaw } = readStored(input);
      expect(flaw === undefined || (flaw >= 0 && flaw <= input.length)).toBe(true);
      // What has no flaw is the one form of its value, byte for byte.
      if (flaw === undefined) expect(`${canonicalJson(value)}\n`).toBe(input.toString());
      const ambiguity = ambiguityOf(input);
      expect(ambiguity === undefined || (ambiguity.byte >= 0 && ambiguity.byte <= input.length)).toBe(true);
      if (ambiguity === undefined) JSON.parse(input.toString());
    }),
    { numRuns },
  );
});

test('the readers of records and manifests take nothing that is not one', () => {
  fc.assert(
    fc.property(bytes, input => {
      const text = input.toString();
      const quick = recordOfText(text);
      if (quick !== undefined) expect(`${canonicalJson(quick)}\n`).toBe(text);
      const { value } = readStored(input);
      for (const schema of [LedgerRecord, Manifest]) schema.safeParse(value);
    }),
    { numRuns },
  );
});

test('any bytes as a record, manifest or file of a bundle are a finding, unless they are the recorded ones', async () => {
  const record = recorded.recordFile(2);
  await fc.assert(
    fc.asyncProperty(bytes, fc.constantFrom(...recorded.files), async (input, file) => {
      const isNewest = file === recorded.recordFile(3);
      const found = await recorded.findingsWith(file, input);
      const isSame = input.equals(recorded.original(file));
      expect(found.length > 0 || isSame || isNewest, `${file} of ${record}`).toBe(true);
    }),
    { numRuns: Math.ceil(numRuns / 3) },
  );
});

test('any bytes under any name of the origin are judged', () => {
  const session = '2025-03-01T10:00:00Z';
  const names = [
    `commands/spec-plan_${session}-1.json`,
    `commands/spec-validate_${session}-1.json`,
    `commands/20250301-100000Z-hal-health.json`,
    `commands/20250301-100000Z-hal-health.txt`,
    `consensus/spec-plan_${session}_gemini.json`,
    `consensus/spec-plan_${session}_gemini_metrics.json`,
    `consensus/spec-plan_${session}_synthesis.json`,
    `consensus/spec-plan_${session}_telemetry.jsonl`,
    'consensus/20250301T100000Z-spec-plan.json',
    'consensus/plan_verdict.json',
  ];
  fc.assert(
    fc.property(bytes, fc.constantFrom(...names), fc.json({ maxDepth: 3 }), (input, place, json) => {
      const [folder = '', name = ''] = place.split('/');
      for (const content of [input.toString('latin1'), json]) {
        const { bundles } = surveyOf(shared, workspace, `${folder}/${SPEC}`, { [name]: content });
        expect(bundles).toHaveLength(1);
        expect(bundles[0]?.verdict === 'sound' && !/^\s*[{\w]/.test(content), content).toBe(false);
      }
    }),
    { numRuns: Math.ceil(numRuns / 2) },
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), name => void originFile(name)),
    { numRuns },
  );
});
