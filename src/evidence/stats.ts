import type { Workspace } from '../workspace/workspace.js';
import { archivedBundle, archiveFolder } from './archived.js';
import { newestSeq } from './ledger.js';
import { type Recorded, readBack } from './records.js';

/** Above this, old bundles of a spec should go to the archive. */
export const SOFT_LIMIT_BYTES = 25 * 1024 * 1024;

const STRIDE = 500;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface Amount {
  readonly bundles: number;
  readonly bytes: number;
}

export interface SpecStats {
  readonly specId: string;
  /** Every recorded bundle; bytes are those of its files, archived or not. */
  readonly all: Amount;
  readonly kinds: Readonly<Record<string, Amount>>;
  /** Bytes are those of the packed files. */
  readonly archived: Amount;
  /** What lies in the work tree: files of bundles that are not archived, and archives. */
  readonly inTree: number;
  readonly overLimit: boolean;
  readonly last7Days: Amount;
  readonly last30Days: Amount;
}

/** How much evidence a spec has, and how it grows. */
export function statsOf(workspace: Workspace, root: string, specId: string): SpecStats {
  const { files } = workspace;
  const folder = `${root}/${archiveFolder(specId)}`;
  const packed = new Map(
    files.list(folder).flatMap(({ name }) => {
      const bundle = archivedBundle(name);
      return bundle === undefined ? [] : [[bundle, files.info(`${folder}/${name}`).size] as const];
    }),
  );
  const recorded = allRecorded(workspace, root, specId);
  const sizes = recorded.map(each => ({ each, bytes: sizeOf(each) }));
  const now = workspace.now().getTime();
  const since = (days: number) =>
    sumOf(sizes.filter(({ each }) => Date.parse(each.record.at) > now - days * DAY_MS));
  const archived = { bundles: packed.size, bytes: [...packed.values()].reduce((sum, size) => sum + size, 0) };
  const loose = sumOf(sizes.filter(({ each }) => !packed.has(each.record.bundle)));
  const inTree = loose.bytes + archived.bytes;
  const names = [...new Set(recorded.map(kindOf))].sort();
  return {
    specId,
    all: sumOf(sizes),
    kinds: Object.fromEntries(
      names.map(kind => [kind, sumOf(sizes.filter(({ each }) => kindOf(each) === kind))]),
    ),
    archived,
    inTree,
    overLimit: inTree > SOFT_LIMIT_BYTES,
    last7Days: since(7),
    last30Days: since(30),
  };
}

function allRecorded(workspace: Workspace, root: string, specId: string): readonly Recorded[] {
  const found: Recorded[] = [];
  for (let seq = newestSeq(workspace.files, root, specId); seq > 0; seq -= STRIDE)
    found.push(...readBack(workspace, root, specId, seq, STRIDE));
  return found;
}

function kindOf({ manifest }: Recorded): string {
  return manifest?.predicate.kind ?? 'unreadable';
}

function sizeOf({ manifest }: Recorded): number {
  return (manifest?.subject ?? []).reduce((sum, { annotations }) => sum + annotations.size, 0);
}

function sumOf(sizes: readonly { readonly bytes: number }[]): Amount {
  return { bundles: sizes.length, bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0) };
}
