import type { LedgerRecord } from '../../schemas/evidence.js';
import { canonicalJson } from './canonical.js';
import { sha256Of } from './digest.js';

/** The bytes of a record file. */
export function recordBytes(record: LedgerRecord): Buffer {
  return Buffer.from(`${canonicalJson(record)}\n`);
}

/** A record at another place of the ledger, which remembers where it was before. */
export function moved(record: LedgerRecord, seq: number, prev: string): LedgerRecord {
  const { seq: before, prev: after, rebasedFrom = [] } = record;
  return { ...record, seq, prev, rebasedFrom: [{ seq: before, prev: after }, ...rebasedFrom] };
}

/** A record as it was at each earlier place, the last one first, with the digest it had there. */
export function earlier(
  record: LedgerRecord,
): readonly { readonly seq: number; readonly prev: string; readonly sha256: string }[] {
  const { rebasedFrom = [], ...rest } = record;
  return rebasedFrom.map(({ seq, prev }, index) => {
    const before = rebasedFrom.slice(index + 1);
    const was = { ...rest, seq, prev, ...(before.length > 0 ? { rebasedFrom: before } : {}) };
    return { seq, prev, sha256: sha256Of(recordBytes(was)) };
  });
}
