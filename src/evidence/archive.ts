import type { LedgerRecord, Manifest } from '../../schemas/evidence.js';
import { activeRun } from '../pipeline/active-run.js';
import type { Workspace } from '../workspace/workspace.js';
import { archiveFolder, archiveName, MAX_ARCHIVE_BYTES, unpackBundle } from './archived.js';
import { inBundleFolders } from './bundle-files.js';
import { sha256Of } from './digest.js';
import { folderOf, nameOf } from './layout.js';
import { newestSeq } from './ledger.js';
import { type Recorded, readBack } from './records.js';
import { sessionStart } from './session.js';
import { newestGuardrails } from './stages.js';
import { discard, openDrafts } from './staging.js';
import { type Packed, packTar } from './tar.js';

const STRIDE = 500;
/** The header and padding of a file in a tar, at most, and its end. */
const TAR_OVERHEAD = 2048;

export interface ArchivedBundle {
  readonly bundle: string;
  readonly files: number;
  readonly bytes: number;
}

export interface ArchiveReport {
  readonly specId: string;
  readonly archived: readonly ArchivedBundle[];
  /** Old enough, but left where they are. */
  readonly kept: readonly { readonly bundle: string; readonly why: string }[];
  readonly applied: boolean;
}

/**
 * Packs the bundles of a spec that were recorded before `before` (milliseconds since 1970) into one file each; the ledger
 * goes on proving every byte. Never the newest bundle of a stage, nothing recorded since an unfinished run began, nothing
 * that does not verify. Throws FILE_UNAVAILABLE, OUTSIDE_WORKSPACE, EVIDENCE_FS_NO_LINK.
 */
export function archiveBundles(
  workspace: Workspace,
  root: string,
  specId: string,
  before: number,
  apply: boolean,
): ArchiveReport {
  const archived: ArchivedBundle[] = [];
  const kept: { bundle: string; why: string }[] = [];
  for (const recorded of candidates(workspace, root, specId, before)) {
    const { bundle } = recorded.record;
    const found = packable(workspace, root, recorded);
    if (found === undefined) continue;
    const { packed = [], why = apply ? moveToArchive(workspace, root, recorded.record, packed) : undefined } =
      found;
    if (why !== undefined) kept.push({ bundle, why });
    else
      archived.push({
        bundle,
        files: packed.length,
        bytes: packed.reduce((sum, { bytes }) => sum + bytes.length, 0),
      });
  }
  return { specId, archived, kept, applied: apply };
}

/** Oldest first. */
function candidates(workspace: Workspace, root: string, specId: string, before: number): readonly Recorded[] {
  const run = activeRun(workspace, root, specId);
  const until = Math.min(before, run === undefined ? before : sessionStart(run.runId));
  const seen = new Set<string>();
  const counting = new Set([...newestGuardrails(workspace, root, specId).values()].map(({ seq }) => seq));
  const found: Recorded[] = [];
  for (let seq = newestSeq(workspace.files, root, specId); seq > 0; seq -= STRIDE) {
    for (const recorded of readBack(workspace, root, specId, seq, STRIDE)) {
      const stage = stageKey(recorded);
      const newest = stage !== undefined && !seen.has(stage);
      if (stage !== undefined) seen.add(stage);
      if (!newest && !counting.has(recorded.seq) && Date.parse(recorded.record.at) < until)
        found.push(recorded);
    }
  }
  return found.reverse();
}

/** What only the newest of counts: guardrails and consensus of a stage, and HAL. */
function stageKey({ manifest }: Recorded): string | undefined {
  if (manifest === undefined || manifest.predicate.kind === 'caller') return undefined;
  return `${manifest.predicate.kind} ${manifest.predicate.stage}`;
}

/**
 * The files of a bundle, its manifest last; undefined when it is archived already, or why it stays where it is. Files that an
 * interrupted run moved already are read from the archive.
 */
function packable(
  workspace: Workspace,
  root: string,
  { record, manifest }: Recorded,
): { readonly packed?: readonly Packed[]; readonly why?: string } | undefined {
  if (manifest === undefined) return { why: 'its manifest is not the recorded one' };
  if (filesOf(manifest, record).every(({ name }) => isGone(workspace, `${root}/${name}`))) return undefined;
  const size = manifest.subject.reduce(
    (sum, { annotations }) => sum + annotations.size + TAR_OVERHEAD,
    TAR_OVERHEAD,
  );
  if (size > MAX_ARCHIVE_BYTES) return { why: `it has more than ${MAX_ARCHIVE_BYTES} bytes` };
  return inBundleFolders(workspace, root, record.specId, read => {
    const packed: Packed[] = [];
    for (const { name, sha256 } of filesOf(manifest, record)) {
      const bytes = read(name, MAX_ARCHIVE_BYTES);
      if (typeof bytes === 'string' || sha256Of(bytes) !== sha256) return { why: 'it does not verify' };
      packed.push({ name, bytes });
    }
    return { packed };
  });
}

function isGone({ files }: Workspace, path: string): boolean {
  return files.info(path).kind === 'missing';
}

/** Of a bundle, relative to the evidence root, the manifest last. */
export function filesOf(
  manifest: Manifest,
  record: LedgerRecord,
): readonly { readonly name: string; readonly sha256: string }[] {
  const { path, sha256 } = record.manifest;
  return [
    ...manifest.subject.map(({ name, digest }) => ({ name, sha256: digest.sha256 })),
    { name: path, sha256 },
  ];
}

/**
 * The archive is complete, on disk and read back before the first file goes; a crash in between leaves both. Gives the reason
 * when the bundle stays where it is.
 */
function moveToArchive(
  workspace: Workspace,
  root: string,
  record: LedgerRecord,
  packed: readonly Packed[],
): string | undefined {
  const { files, compress } = workspace;
  const folder = `${root}/${archiveFolder(record.specId)}`;
  const path = `${folder}/${archiveName(record.bundle)}`;
  const drafts = openDrafts(workspace, root, `${record.bundle}-${workspace.randomHex(4)}`);
  try {
    files.link(drafts.create(compress.pack(packTar(packed))), path);
  } finally {
    drafts.discard();
  }
  files.syncDirectory(folder);
  const stored = unpackBundle(compress, files.read(path, MAX_ARCHIVE_BYTES)?.bytes ?? Buffer.alloc(0)) ?? [];
  if (!isSame(stored, packed)) return 'another file lies in its place in the archive';
  const bundles = files.openFolder(`${root}/${folderOf(record.manifest.path)}`);
  try {
    for (const { name } of packed) discard(bundles, nameOf(name));
    bundles.sync();
  } finally {
    bundles.close();
  }
  return undefined;
}

function isSame(stored: readonly Packed[], packed: readonly Packed[]): boolean {
  return (
    stored.length === packed.length &&
    stored.every(({ name, bytes }, index) => {
      const other = packed[index];
      return other?.name === name && Buffer.from(other.bytes).equals(bytes);
    })
  );
}
