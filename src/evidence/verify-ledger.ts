import { LedgerRecord } from '../../schemas/evidence.js';
import { sha256Of } from './digest.js';
import { finding, type Place } from './findings.js';
import { type Inspection, inWords } from './inspection.js';
import { recordName, recordPath } from './layout.js';
import { MAX_RECORD_BYTES, NO_RECORD } from './ledger.js';
import { earlier } from './rebased.js';
import { recordOfText } from './record-text.js';
import { readStored } from './stored-json.js';

/** A record file as it was found. */
export interface FoundRecord {
  readonly seq: number;
  /** Of the exact bytes; '' when they could not be read. */
  readonly sha256: string;
  readonly record: LedgerRecord | undefined;
}

/** A record, and whether anything but the chain speaks against it. */
export interface JudgedRecord extends FoundRecord {
  readonly sound: boolean;
}

/** Reads one record file and compares it with the place it lies in. */
export function readRecord(inspection: Inspection, seq: number): FoundRecord {
  const { specId, readRecord: read, report } = inspection;
  const bytes = read(recordName(seq), MAX_RECORD_BYTES);
  if (typeof bytes === 'string') {
    report(finding('record-unreadable', recordPlace(inspection, seq), `Record ${seq} is ${inWords(bytes)}.`));
    return { seq, sha256: '', record: undefined };
  }
  const sha256 = sha256Of(bytes);
  const record = recordOfText(bytes.toString()) ?? unusual(inspection, seq, bytes);
  if (record === undefined) return { seq, sha256, record };
  if (record.seq === seq && record.specId === specId) return { seq, sha256, record };
  const found = { expected: `${specId}@${seq}`, actual: `${record.specId}@${record.seq}` };
  const place = { ...recordPlace(inspection, seq), ...found };
  report(finding('record-misplaced', place, `Record ${seq} says it is another one.`));
  return { seq, sha256, record: undefined };
}

/** Reports what is wrong with the form, if anything is; a record that was only reformatted still says what it names. */
function unusual(inspection: Inspection, seq: number, bytes: Buffer): LedgerRecord | undefined {
  const { value, flaw } = readStored(bytes);
  const record = LedgerRecord.safeParse(value).data;
  if (flaw === undefined && record !== undefined) return record;
  const place = recordPlace(inspection, seq);
  const at = flaw === undefined ? place : { ...place, byte: flaw };
  inspection.report(
    finding('record-malformed', at, `Record ${seq} is not a ledger record in canonical form.`),
  );
  return record;
}

/**
 * Compares the records, in order, each with the digest the next one kept of it. A link that does not hold is blamed on
 * the record that changed, as far as its neighbours tell.
 */
export function verifyChain(inspection: Inspection, records: readonly JudgedRecord[]): void {
  const holds = records.map((_, index) => linkHolds(records, index));
  for (const [index, current] of records.entries()) {
    if (holds[index] !== false || current.record === undefined) continue;
    const before = records[index - 1];
    const kept = current.record.prev;
    const confirmed = holds[index + 1] === true && current.sound;
    if (before !== undefined && (confirmed || !before.sound || holds[index - 1] === false)) {
      const found = { expected: kept, actual: before.sha256 };
      const message = `Record ${before.seq} is not the one that record ${current.seq} was written after.`;
      inspection.report(
        finding('chain-broken', { ...recordPlace(inspection, before.seq), ...found }, message),
      );
    } else {
      const found = { expected: before?.sha256 ?? NO_RECORD, actual: kept };
      const message = `Record ${current.seq} does not name the record before it.`;
      inspection.report(
        finding('chain-broken', { ...recordPlace(inspection, current.seq), ...found }, message),
      );
    }
  }
}

/**
 * A record that a merge of two ledgers moved was written after one that is still here, in its place or moved, too: else one of
 * the other side was changed or removed, and moving the rest would hide it.
 */
export function verifyMoved(inspection: Inspection, records: readonly JudgedRecord[]): void {
  const known = new Set([NO_RECORD, ...records.map(({ sha256 }) => sha256)]);
  const places = records.flatMap(({ seq, record }) =>
    record?.rebasedFrom === undefined ? [] : earlier(record).map(place => ({ ...place, now: seq })),
  );
  for (const { sha256 } of places) known.add(sha256);
  for (const { now, seq, prev } of places)
    if (!known.has(prev))
      inspection.report(
        finding(
          'chain-broken',
          { ...recordPlace(inspection, now), expected: prev },
          `Record ${now} was record ${seq} of another branch, after a record that is not here.`,
        ),
      );
}

/** Undefined where it cannot be told: after a gap, or when one of the two cannot be read. */
function linkHolds(records: readonly JudgedRecord[], index: number): boolean | undefined {
  const current = records[index];
  const before = records[index - 1];
  if (current?.record === undefined) return undefined;
  if (current.seq === 1) return current.record.prev === NO_RECORD;
  if (before?.seq !== current.seq - 1 || before.sha256 === '') return undefined;
  return current.record.prev === before.sha256;
}

/** The numbers of the records among the names in a ledger. */
export function recordSeqs(names: readonly string[]): readonly number[] {
  return names.filter(isRecordName).map(name => Number.parseInt(name, 10));
}

export function isRecordName(name: string): boolean {
  return /^\d{8}\.json$/.test(name) && name !== '00000000.json';
}

/** Numbers that are missing below the highest one, one finding for each gap. */
export function verifyGaps(inspection: Inspection, seqs: readonly number[]): void {
  for (const [index, seq] of seqs.entries()) {
    const first = (seqs[index - 1] ?? 0) + 1;
    if (first === seq) continue;
    const what = first === seq - 1 ? `Record ${first} is` : `Records ${first} to ${seq - 1} are`;
    inspection.report(finding('record-missing', recordPlace(inspection, first), `${what} missing.`));
  }
}

function recordPlace({ root, specId }: Inspection, seq: number): Place {
  return { specId, record: seq, file: `${root}/${recordPath(specId, seq)}` };
}
