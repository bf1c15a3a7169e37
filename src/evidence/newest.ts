import type { Workspace } from '../workspace/workspace.js';
import { newestSeq } from './ledger.js';
import { type Recorded, readBack } from './records.js';

const STRIDE = 200;

/**
 * The newest record of each kind of run, by what `kindOf` makes of a manifest's path; whether it is sound is not looked at. A
 * record that a merge put at the end of the ledger does not stand before a later run that was there.
 */
export function newestRecords<Kind>(
  workspace: Workspace,
  root: string,
  specId: string,
  kindOf: (manifestPath: string) => Kind | undefined,
  kinds: number,
): ReadonlyMap<Kind, Recorded> {
  const newest = new Map<Kind, Recorded>();
  const settled = new Set<Kind>();
  const isOpen = (path: string) => {
    const kind = kindOf(path);
    return kind !== undefined && !settled.has(kind);
  };
  const take = (recorded: Recorded) => {
    const { manifest, rebasedFrom } = recorded.record;
    const kind = kindOf(manifest.path);
    if (kind === undefined || settled.has(kind)) return;
    if (isLater(recorded, newest.get(kind))) newest.set(kind, recorded);
    // All that lies before it in the ledger was there before it.
    if (rebasedFrom === undefined) settled.add(kind);
  };
  for (let seq = newestSeq(workspace.files, root, specId); seq > 0 && settled.size < kinds; seq -= STRIDE)
    for (const recorded of readBack(workspace, root, specId, seq, STRIDE, each => isOpen(each.manifest.path)))
      take(recorded);
  return newest;
}

function isLater({ record }: Recorded, known: Recorded | undefined): boolean {
  return known === undefined || Date.parse(record.at) > Date.parse(known.record.at);
}
