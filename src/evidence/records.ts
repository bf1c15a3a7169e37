import { LedgerRecord, Manifest } from '../../schemas/evidence.js';
import type { FolderRead } from '../workspace/files.js';
import type { Workspace } from '../workspace/workspace.js';
import { type BundleRead, inBundleFolders } from './bundle-files.js';
import { sha256Of } from './digest.js';
import { ledgerFolder, recordName } from './layout.js';
import { MAX_RECORD_BYTES } from './ledger.js';

export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/** A ledger record with the manifest it names. */
export interface Recorded {
  readonly seq: number;
  readonly record: LedgerRecord;
  /** Undefined when it is missing, malformed, or not the one that was recorded. */
  readonly manifest: Manifest | undefined;
}

/**
 * The records `newest`, `newest - 1`, ... down to `newest - count + 1` that can be read, with their manifests; `wanted`
 * picks those whose manifest is worth reading.
 */
export function readBack(
  workspace: Workspace,
  root: string,
  specId: string,
  newest: number,
  count: number,
  wanted: (record: LedgerRecord) => boolean = () => true,
): readonly Recorded[] {
  return workspace.files.inFolder(`${root}/${ledgerFolder(specId)}`, readLedger =>
    inBundleFolders(workspace, root, specId, readFile => {
      const found: Recorded[] = [];
      for (let seq = newest; seq > Math.max(0, newest - count); seq--) {
        const record = LedgerRecord.safeParse(parsed(readLedger(recordName(seq), MAX_RECORD_BYTES))).data;
        if (record?.specId !== specId) continue;
        found.push({ seq, record, manifest: wanted(record) ? manifestOf(readFile, record) : undefined });
      }
      return found;
    }),
  );
}

function manifestOf(read: BundleRead, { manifest }: LedgerRecord): Manifest | undefined {
  const bytes = read(manifest.path, MAX_MANIFEST_BYTES);
  if (typeof bytes === 'string' || sha256Of(bytes) !== manifest.sha256) return undefined;
  return Manifest.safeParse(parsed(bytes)).data;
}

/** Undefined for what is no JSON. */
export function parsed(bytes: ReturnType<FolderRead>): unknown {
  if (typeof bytes === 'string') return undefined;
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
