import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import type { Workspace } from '../workspace/workspace.js';
import { inBundleFolders } from './bundle-files.js';
import { finding } from './findings.js';
import type { Inspection, Recompute } from './inspection.js';
import { ledgerFolder } from './layout.js';
import { newestSeq } from './ledger.js';
import { verifyBundle } from './verify-bundle.js';
import { type JudgedRecord, readRecord, verifyChain, verifyMoved } from './verify-ledger.js';

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

/** What verification finds about the ledger itself: every record readable, none missing, the chain unbroken, no bundle twice. */
export function verifyLedger(
  workspace: Workspace,
  root: string,
  specId: string,
): { readonly records: readonly JudgedRecord[]; readonly findings: readonly EvidenceFinding[] } {
  const newest = newestSeq(workspace.files, root, specId);
  const records: JudgedRecord[] = [];
  const findings = inspect(workspace, root, specId, inspection => {
    const seen = new Set<string>();
    for (let seq = 1; seq <= newest; seq++) {
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
