import type { Files } from '../workspace/files.js';
import type { Workspace } from '../workspace/workspace.js';
import { ledgerFolder, recordPath } from './layout.js';
import { newestSeq } from './ledger.js';
import { readBack } from './records.js';

export interface Footprint {
  readonly bundles: number;
  /** Of all files of the recorded bundles, without their manifests and records. */
  readonly bytes: number;
}

interface Counted extends Footprint {
  readonly version: string;
}

const counted = new WeakMap<Files, Map<string, Counted>>();

/** How much evidence a spec has. Counts on from where it ended last time: a ledger only grows. */
export function footprintOf(workspace: Workspace, evidenceRoot: string, specId: string): Footprint {
  const { files } = workspace;
  const newest = newestSeq(files, evidenceRoot, specId);
  const versionAt = (seq: number) => files.info(`${evidenceRoot}/${recordPath(specId, seq)}`).version;
  const known = counted.get(files) ?? new Map<string, Counted>();
  counted.set(files, known);
  const key = `${evidenceRoot}/${ledgerFolder(specId)}`;
  const before = known.get(key);
  const start =
    before !== undefined && before.bundles <= newest && versionAt(before.bundles) === before.version
      ? before
      : { bundles: 0, bytes: 0 };
  const bytes = readBack(workspace, evidenceRoot, specId, newest, newest - start.bundles)
    .flatMap(({ manifest }) => manifest?.subject ?? [])
    .reduce((sum, { annotations }) => sum + annotations.size, start.bytes);
  known.set(key, { bundles: newest, bytes, version: versionAt(newest) });
  return { bundles: newest, bytes };
}
