import type { LedgerRecord } from '../../schemas/evidence.js';
import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import type { Workspace } from '../workspace/workspace.js';
import { inBundleFolders } from './bundle-files.js';
import { finding } from './findings.js';
import type { Inspection, Recompute } from './inspection.js';
import { ledgerFolder, recordName } from './layout.js';
import { verifyBundle } from './verify-bundle.js';
import {
  type JudgedRecord,
  readRecord,
  recordSeqs,
  verifyChain,
  verifyGaps,
  verifyMoved,
} from './verify-ledger.js';

/** What verification finds about one record, its manifest and every file of its bundle. Without `recompute` a consensus is believed. */
export function verifyRecorded(
  workspace: Workspace,
  root: string,
  specId: string,
  seq: number,
  recompute?: Recompute,
): readonly EvidenceFinding[] {
  return inspect(workspace, root, specId, whole => {
    const inspection = { ...whole, recompute };
    const { record } = readRecord(inspection, seq);
    if (record !== undefined) verifyBundle(inspection, record);
  });
}

/** What it would find about a bundle if this record were in the ledger. */
export function verifyUnrecorded(
  workspace: Workspace,
  root: string,
  record: LedgerRecord,
  recompute?: Recompute,
): readonly EvidenceFinding[] {
  return inspect(workspace, root, record.specId, whole => {
    verifyBundle({ ...whole, recompute }, record);
  });
}

/** What verification finds about a record and the links to its neighbours. */
export function verifyLinks(
  workspace: Workspace,
  root: string,
  specId: string,
  seq: number,
): readonly EvidenceFinding[] {
  const folder = `${root}/${ledgerFolder(specId)}`;
  const around = [seq - 1, seq, seq + 1].filter(
    each => workspace.files.info(`${folder}/${recordName(each)}`).kind !== 'missing',
  );
  return inspect(workspace, root, specId, inspection => {
    const records = around.map(each => {
      const found = readRecord(inspection, each);
      return { ...found, sound: found.record !== undefined };
    });
    verifyChain(inspection, records);
  });
}

/** What verification finds about the ledger itself: every record readable, none missing, the chain unbroken, no bundle twice. */
export function verifyLedger(
  workspace: Workspace,
  root: string,
  specId: string,
): { readonly records: readonly JudgedRecord[]; readonly findings: readonly EvidenceFinding[] } {
  // By listing: behind a hole the search for the newest record stops early, and what lies there would stay unseen.
  const seqs = recordSeqs(workspace.files.list(`${root}/${ledgerFolder(specId)}`).map(({ name }) => name));
  const records: JudgedRecord[] = [];
  const findings = inspect(workspace, root, specId, inspection => {
    const seen = new Set<string>();
    for (const seq of seqs) {
      const found = readRecord(inspection, seq);
      const bundle = found.record?.bundle;
      if (bundle !== undefined && seen.has(bundle))
        inspection.report(
          finding(
            'record-duplicate',
            { specId, record: seq, bundle },
            `Record ${seq} names a bundle that an earlier record names.`,
          ),
        );
      if (bundle !== undefined) seen.add(bundle);
      records.push({ ...found, sound: found.record !== undefined });
    }
    verifyGaps(inspection, seqs);
    verifyChain(inspection, records);
    verifyMoved(inspection, records);
  });
  return { records, findings };
}

function inspect(
  workspace: Workspace,
  root: string,
  specId: string,
  use: (inspection: Inspection) => void,
): readonly EvidenceFinding[] {
  const findings: EvidenceFinding[] = [];
  workspace.files.inFolder(`${root}/${ledgerFolder(specId)}`, readLedger =>
    inBundleFolders(workspace, root, specId, readFile =>
      use({
        root,
        specId,
        readRecord: readLedger,
        readFile,
        report: found => findings.push(found),
        recompute: undefined,
        account: () => {},
        found: () => {},
        changed: () => {},
      }),
    ),
  );
  return findings;
}
