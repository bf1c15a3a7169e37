import type { LedgerRecord } from '../../schemas/evidence.js';
import { SpecError } from '../errors.js';
import { sha256Of } from './digest.js';
import { NO_RECORD } from './ledger.js';
import { earlier, moved, recordBytes } from './rebased.js';

/** A record as one of the sides of a merge has it. */
export interface SideRecord {
  readonly record: LedgerRecord;
  readonly sha256: string;
}

/** A bundle in the work tree that no record of any side names. */
export type Orphan = Pick<LedgerRecord, 'specId' | 'bundle' | 'manifest' | 'at'>;

/** `from`: the number it had on the other side; null for a bundle whose record is lost. */
export interface Appended {
  readonly from: number | null;
  readonly record: LedgerRecord;
  readonly bytes: Buffer;
}

export interface RebasePlan {
  /** Records that stay as they are. */
  readonly kept: readonly SideRecord[];
  readonly appended: readonly Appended[];
}

/**
 * One chain of the records of both sides: `ours` (by number) as far as it holds, then what only the other side has, in its
 * order, then bundles without any record. Throws REFUSED where a record follows one that nobody has: that is no merge but
 * a change, and putting it on the chain would hide it.
 */
export function planRebase(
  ours: ReadonlyMap<number, SideRecord>,
  theirs: readonly SideRecord[],
  orphans: readonly Orphan[],
): RebasePlan {
  const all = [...ours.values(), ...theirs];
  const kept = chainOf(ours, all);
  const named = new Set(kept.map(({ record }) => record.bundle));
  const moving: SideRecord[] = [];
  for (const side of all.toSorted(inOrder)) {
    if (named.has(side.record.bundle)) continue;
    named.add(side.record.bundle);
    moving.push(side);
  }
  assertFollows(moving, all);
  const appended: Appended[] = [];
  let { seq, sha256 } = headOf(kept);
  for (const { record, from } of [
    ...moving.map(fromSide),
    ...orphans
      .filter(o => !named.has(o.bundle))
      .toSorted(byTime)
      .map(adopted),
  ]) {
    seq++;
    const placed = from === null ? { ...record, seq, prev: sha256 } : moved(record, seq, sha256);
    const bytes = recordBytes(placed);
    appended.push({ from, record: placed, bytes });
    sha256 = sha256Of(bytes);
  }
  return { kept, appended };
}

/** From record 1 up, each after the one before it; where both sides have a number, ours stays. */
function chainOf(ours: ReadonlyMap<number, SideRecord>, all: readonly SideRecord[]): readonly SideRecord[] {
  const chain: SideRecord[] = [];
  for (;;) {
    const { seq, sha256 } = headOf(chain);
    const next = [ours.get(seq + 1), ...all].find(
      side => side?.record.seq === seq + 1 && side.record.prev === sha256,
    );
    if (next === undefined) return chain;
    chain.push(next);
  }
}

function headOf(chain: readonly SideRecord[]): { seq: number; sha256: string } {
  const last = chain.at(-1);
  return last === undefined ? { seq: 0, sha256: NO_RECORD } : { seq: last.record.seq, sha256: last.sha256 };
}

function assertFollows(moving: readonly SideRecord[], all: readonly SideRecord[]): void {
  const known = new Set([
    NO_RECORD,
    ...all.flatMap(side => [side.sha256, ...earlier(side.record).map(({ sha256 }) => sha256)]),
  ]);
  const stray = moving.find(({ record }) => !known.has(record.prev));
  if (stray === undefined) return;
  throw new SpecError(
    'REFUSED',
    `Record ${stray.record.seq} (bundle ${stray.record.bundle}) was written after a record that neither side has: one was changed or removed, and a rebase would hide it. verify_evidence names it; restore it from git, then rebase.`,
  );
}

function fromSide({ record }: SideRecord): { record: LedgerRecord; from: number | null } {
  return { record, from: record.seq };
}

function adopted(orphan: Orphan): { record: LedgerRecord; from: number | null } {
  return { record: { v: 1, seq: 0, prev: NO_RECORD, ...orphan }, from: null };
}

function inOrder(a: SideRecord, b: SideRecord): number {
  return a.record.seq - b.record.seq || byTime(a.record, b.record);
}

function byTime(a: Pick<Orphan, 'at' | 'bundle'>, b: Pick<Orphan, 'at' | 'bundle'>): number {
  return a.at === b.at ? (a.bundle < b.bundle ? -1 : 1) : a.at < b.at ? -1 : 1;
}
