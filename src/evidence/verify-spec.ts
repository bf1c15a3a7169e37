import type { LedgerRecord, Predicate, Source } from '../../schemas/evidence.js';
import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import type { Workspace } from '../workspace/workspace.js';
import { inBundleFolders } from './bundle-files.js';
import { finding } from './findings.js';
import type { Inspection, Recompute } from './inspection.js';
import { bundleFolders, ledgerFolder } from './layout.js';
import { verifyArchive } from './verify-archive.js';
import { verifyBundle } from './verify-bundle.js';
import { verifyFolder } from './verify-folder.js';
import {
  isRecordName,
  type JudgedRecord,
  readRecord,
  recordSeqs,
  verifyChain,
  verifyGaps,
  verifyMoved,
} from './verify-ledger.js';

const SLICE = 500;
const NEWEST = 100;

/** What the verification of one spec found. */
export interface SpecVerdict {
  readonly specId: string;
  readonly findings: readonly EvidenceFinding[];
  readonly records: readonly JudgedRecord[];
  /** Bundle files with their manifests. */
  readonly files: number;
  readonly bytes: number;
  readonly unverifiable: readonly string[];
  /** Of the newest bundles, one path of each kind of name: what a rule that ignores files could tell apart. */
  readonly examples: readonly string[];
  /** Each state of the repository that a bundle names, with the first record that does. */
  readonly sources: readonly NamedSource[];
  /** Findings about files whose recorded bytes git may still have, by blob id. */
  readonly changed: ReadonlyMap<EvidenceFinding, string>;
}

export interface NamedSource {
  readonly seq: number;
  readonly bundle: string;
  readonly source: Source;
  readonly configDigest: string | null;
}

/** Verifies the ledger of a spec and all that it names, in slices; `pause` is awaited before each one. */
export async function verifySpec(
  workspace: Workspace,
  root: string,
  specId: string,
  pause: (done: number, total: number) => Promise<void>,
): Promise<SpecVerdict> {
  const { files } = workspace;
  const names = files.list(`${root}/${ledgerFolder(specId)}`).map(({ name }) => name);
  const seqs = recordSeqs(names);
  const records: JudgedRecord[] = [];
  const tally = createTally(() => records.length >= seqs.length - NEWEST);
  const { findings, accounted } = tally;
  const recompute = await loadRecompute(workspace, root, specId);
  const inspect = <T>(use: (inspection: Inspection) => T): T =>
    files.inFolder(`${root}/${ledgerFolder(specId)}`, readRecordFile =>
      inBundleFolders(workspace, root, specId, readFile =>
        use({ root, specId, readRecord: readRecordFile, readFile, recompute, ...tally.watch }),
      ),
    );
  const recorded = new Map<string, boolean>();
  for (let start = 0; start < seqs.length; start += SLICE) {
    await pause(start, seqs.length);
    inspect(inspection => {
      for (const seq of seqs.slice(start, start + SLICE))
        records.push(verifyRecord(inspection, seq, findings, recorded));
    });
  }
  const folders = bundleFolders(specId).map(folder => ({ folder, entries: files.list(`${root}/${folder}`) }));
  const unverifiable = inspect(inspection => {
    verifyNames(inspection, names, seqs);
    verifyChain(inspection, records);
    verifyMoved(inspection, records);
    verifyArchive(workspace, inspection, accounted);
    return folders.flatMap(({ folder, entries }) =>
      verifyFolder(inspection, folder, entries, accounted, recorded),
    );
  });
  return {
    specId,
    findings,
    records,
    unverifiable,
    ...tally.sum(),
  };
}

/** The rules of consensus are loaded only where there is something they can judge. */
export async function loadRecompute(
  { files }: Workspace,
  root: string,
  specId: string,
): Promise<Recompute | undefined> {
  if (files.list(`${root}/consensus/${specId}`).length === 0) return undefined;
  return (await import('../consensus/recompute.js')).recomputeVerdict;
}

/** What is kept of all bundles; `isNew` tells whether the one at hand is among the newest. */
function createTally(isNew: () => boolean) {
  const findings: EvidenceFinding[] = [];
  const accounted = new Set<string>();
  const kinds = new Map<string, string>();
  const sources = new Map<string, NamedSource>();
  const changed = new Map<EvidenceFinding, string>();
  let bytes = 0;
  const watch: Pick<Inspection, 'report' | 'account' | 'found' | 'changed'> = {
    report: found => findings.push(found),
    account(bundle, path, size) {
      accounted.add(path);
      if (isNew()) kinds.set(path.replace(bundle, ''), path);
      bytes += size;
    },
    found: (record, predicate) => keepSource(sources, record, predicate),
    changed: (found, gitBlob) => changed.set(found, gitBlob),
  };
  const sum = () => ({
    files: accounted.size,
    bytes,
    examples: [...kinds.values()],
    sources: [...sources.values()],
    changed,
  });
  return { findings, accounted, watch, sum };
}

function keepSource(
  sources: Map<string, NamedSource>,
  { seq, bundle }: LedgerRecord,
  { source, configDigest }: Predicate,
): void {
  const key = `${source.commit} ${source.dirty} ${configDigest}`;
  if (!sources.has(key)) sources.set(key, { seq, bundle, source, configDigest });
}

function verifyNames(inspection: Inspection, names: readonly string[], seqs: readonly number[]): void {
  const { root, specId, report } = inspection;
  for (const name of names) {
    if (isRecordName(name)) continue;
    const place = { specId, file: `${root}/${ledgerFolder(specId)}/${name}` };
    report(finding('extra-file', place, 'Only records belong in the ledger.'));
  }
  verifyGaps(inspection, seqs);
}

function verifyRecord(
  inspection: Inspection,
  seq: number,
  findings: readonly EvidenceFinding[],
  recorded: Map<string, boolean>,
): JudgedRecord {
  const before = findings.length;
  const found = readRecord(inspection, seq);
  if (found.record !== undefined) verifyRecorded(inspection, found.record, recorded);
  const { sha256, record } = found;
  return { seq, sha256, record, sound: findings.length === before };
}

function verifyRecorded(inspection: Inspection, record: LedgerRecord, recorded: Map<string, boolean>): void {
  const { bundle, seq, specId } = record;
  if (recorded.has(bundle))
    inspection.report(
      finding(
        'record-duplicate',
        { specId, record: seq, bundle },
        `Record ${seq} names a bundle that an earlier record names.`,
      ),
    );
  recorded.set(bundle, verifyBundle(inspection, record));
}
