import type { Workspace } from '../workspace/workspace.js';
import { bundleFolders } from './layout.js';
import { newestSeq } from './ledger.js';
import { type Recorded, readBack } from './records.js';

/** Runs that overlap are recorded in the order they end, so a bundle lies near where its start belongs. */
const NEIGHBOURHOOD = 100;
const STRIDE = 500;

/**
 * The record that names a bundle, with its manifest; undefined when none does. Session ids begin with their time, so
 * halving finds the place; only where a clock jumped is the whole ledger read.
 */
export function findBundle(
  workspace: Workspace,
  root: string,
  specId: string,
  bundle: string,
): Recorded | undefined {
  const newest = newestSeq(workspace.files, root, specId);
  const near = Math.min(newest, placeOf(workspace, root, specId, bundle, newest) + NEIGHBOURHOOD);
  const found = search(workspace, root, specId, bundle, near, 2 * NEIGHBOURHOOD);
  if (found !== undefined || !hasManifest(workspace, root, specId, bundle)) return found;
  for (let from = newest; from > 0; from -= STRIDE) {
    const later = search(workspace, root, specId, bundle, from, STRIDE);
    if (later !== undefined) return later;
  }
  return undefined;
}

function search(
  workspace: Workspace,
  root: string,
  specId: string,
  bundle: string,
  from: number,
  count: number,
): Recorded | undefined {
  return readBack(workspace, root, specId, from, count, record => record.bundle === bundle).find(
    ({ record }) => record.bundle === bundle,
  );
}

/** The last record, by halving, whose bundle did not start after this one. */
function placeOf(workspace: Workspace, root: string, specId: string, bundle: string, newest: number): number {
  let low = 0;
  let high = newest + 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const [there] = readBack(workspace, root, specId, middle, 1, () => false);
    if (there !== undefined && there.record.bundle > bundle) high = middle;
    else low = middle;
  }
  return low;
}

function hasManifest({ files }: Workspace, root: string, specId: string, bundle: string): boolean {
  return bundleFolders(specId)
    .flatMap(folder => files.list(`${root}/${folder}`))
    .some(({ name }) => name.endsWith(`_${bundle}_manifest.json`));
}
