import type { LedgerRecord, Predicate } from '../../schemas/evidence.js';
import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import type { FolderRead } from '../workspace/files.js';
import type { BundleRead } from './bundle-files.js';
import type { Place } from './findings.js';

export type Recompute = (files: ReadonlyMap<string, Buffer>) => {
  readonly problems: readonly { readonly file: string; readonly message: string }[];
};

/** What the verification of one spec reads from and reports to. */
export interface Inspection {
  /** The evidence root, relative to the workspace. */
  readonly root: string;
  readonly specId: string;
  readonly readRecord: FolderRead;
  readonly readFile: BundleRead;
  report(found: EvidenceFinding): void;
  /** A file that a sound record accounts for, by its path relative to the evidence root. */
  account(bundle: string, path: string, bytes: number): void;
  /**
   * Computes the verdict of a consensus bundle from its files, by bare name; undefined where that is not loaded: its rules are
   * large, and only those who verify consensus need them.
   */
  readonly recompute: Recompute | undefined;
  /** The manifest of a record, when it is the recorded one. */
  found(record: LedgerRecord, predicate: Predicate): void;
  /** A finding about a file whose recorded bytes git may still have as this blob. */
  changed(found: EvidenceFinding, gitBlob: string): void;
}

/** Where a finding about a file of a recorded bundle is; `path` is relative to the evidence root. */
export function placeOf({ root }: Inspection, { specId, seq, bundle }: LedgerRecord, path: string): Place {
  return { specId, record: seq, bundle, file: `${root}/${path}` };
}

/** Why a read gave no bytes. */
export function inWords(reason: Exclude<ReturnType<FolderRead>, Buffer>): string {
  return { missing: 'missing', not_a_file: 'a link or a folder', too_large: 'larger than recorded' }[reason];
}
