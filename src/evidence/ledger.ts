import type { LedgerRecord } from '../../schemas/evidence.js';
import { SpecError } from '../errors.js';
import type { Files } from '../workspace/files.js';
import type { OpenFolder } from '../workspace/folder.js';
import { canonicalJson } from './canonical.js';
import { sha256Of } from './digest.js';
import { ledgerFolder, recordName, recordPath } from './layout.js';
import type { Drafts } from './staging.js';
import type { Target } from './target.js';

export const MAX_RECORD_BYTES = 16 * 1024;
const MAX_ATTEMPTS = 10_000;
export const NO_RECORD = '0'.repeat(64);

export type Entry = Omit<LedgerRecord, 'v' | 'seq' | 'prev'>;

export interface Appended {
  readonly seq: number;
  /** Relative to the evidence root. */
  readonly path: string;
  readonly sha256: string;
}

const lastSeen = new WeakMap<Files, Map<string, number>>();

/**
 * Number of the newest record, 0 without any. Found by doubling and halving from where it was last time, never by listing:
 * the cost grows with the logarithm of the ledger's length. With a hole in the ledger it may be the record before the hole.
 */
export function newestSeq(files: Files, root: string, specId: string): number {
  const folder = `${root}/${ledgerFolder(specId)}`;
  // Of a folder that leads outside, or whose workspace is gone, every name is "outside" and none is missing: the search had no end.
  if (files.info(folder).kind !== 'directory') return 0;
  return newestOf(files, folder, seq => files.info(`${folder}/${recordName(seq)}`).kind !== 'missing');
}

/** `<SPEC-ID>@<seq>:<sha256>` of the newest record; undefined without any. */
export function ledgerHead(files: Files, root: string, specId: string): string | undefined {
  const seq = newestSeq(files, root, specId);
  const bytes =
    seq === 0 ? undefined : files.read(`${root}/${recordPath(specId, seq)}`, MAX_RECORD_BYTES)?.bytes;
  return bytes === undefined ? undefined : `${specId}@${seq}:${sha256Of(bytes)}`;
}

function newestOf(files: Files, folder: string, exists: (seq: number) => boolean): number {
  const known = lastSeen.get(files) ?? new Map<string, number>();
  lastSeen.set(files, known);
  const start = known.get(folder) ?? 0;
  const newest = search(exists, start === 0 || exists(start) ? start : 0);
  known.set(folder, newest);
  return newest;
}

/** The last number that exists, from one that does (or 0) upwards. */
function search(exists: (seq: number) => boolean, from: number): number {
  let low = from;
  let step = 1;
  while (exists(low + step)) {
    low += step;
    step *= 2;
  }
  let high = low + step;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (exists(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Publishes a record as the next one, by link: compare-and-swap without locks, so that any number of processes may
 * append at once and none overwrites another's. Durable once the ledger folder is synced.
 */
export function appendRecord({ files, bundles, ledger }: Target, entry: Entry, drafts: Drafts): Appended {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const seq = newestOf(files, ledger.path, candidate => ledger.has(recordName(candidate))) + 1;
    const record: LedgerRecord = { v: 1, seq, prev: digestBefore(ledger, seq), ...entry };
    const bytes = Buffer.from(`${canonicalJson(record)}\n`);
    const draft = drafts.create(bytes);
    // The files must be on disk before a record names them. Journals that keep the order have written them with the draft.
    if (attempt === 0) bundles.sync();
    if (publish(files, drafts, draft, ledger, recordName(seq)))
      return { seq, path: recordPath(entry.specId, seq), sha256: sha256Of(bytes) };
  }
  throw new SpecError(
    'BUSY',
    `The ledger of ${entry.specId} was never free in ${MAX_ATTEMPTS} tries: too many writers. Call again later.`,
  );
}

function digestBefore(ledger: OpenFolder, seq: number): string {
  if (seq === 1) return NO_RECORD;
  const name = recordName(seq - 1);
  const before = ledger.read(name, MAX_RECORD_BYTES);
  if (typeof before !== 'string') return sha256Of(before);
  throw new SpecError(
    'FILE_UNAVAILABLE',
    `The ledger record ${ledger.path}/${name} cannot be read (${before}). Check the ledger with verify_evidence.`,
  );
}

/** A link that was made counts, even when the call failed afterwards. */
function publish(files: Files, drafts: Drafts, draft: string, ledger: OpenFolder, name: string): boolean {
  try {
    return drafts.link(draft, ledger, name);
  } catch (error) {
    if (isSameFile(files, draft, `${ledger.path}/${name}`)) return true;
    throw error;
  }
}

/** True when both names lead to one file, by its inode. */
export function isSameFile(files: Files, a: string, b: string): boolean {
  const { kind, version } = files.info(a);
  return kind === 'file' && version === files.info(b).version;
}
