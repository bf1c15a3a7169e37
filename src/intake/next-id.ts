import type { Settings } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import { newSessionId } from '../evidence/session.js';
import { discard, openDrafts } from '../evidence/staging.js';
import { LIMITS } from '../tracker/limits.js';
import type { Workspace } from '../workspace/workspace.js';

const DEFAULT_AREA = 'KIT';
const MAX_TRIES = 10_000;
const ID = /(?<![A-Za-z0-9-])SPEC-([A-Z][A-Z0-9]{0,15})-(\d{1,6})(?![A-Z0-9])/g;

/** Numbers that were ever used, by area, and how many there are of each area. */
export type UsedIds = ReadonlyMap<string, { readonly highest: number; readonly count: number }>;

/**
 * Every id that can be seen: packets, tracker, evidence (also of packets that are gone), branches, and the ids that any
 * process of this clone took before.
 */
export async function usedIds(workspace: Workspace, { workspace: places }: Settings): Promise<UsedIds> {
  const { files, git } = workspace;
  const { evidence_root: root, docs_root: docsRoot, tracker } = places;
  const folders = [docsRoot, `${root}/ledger`, `${root}/commands`, `${root}/consensus`, takenFolder(root)];
  const names = folders.flatMap(folder => files.list(folder).map(({ name }) => name));
  const text =
    files.info(tracker).kind === 'file'
      ? (files.read(tracker, LIMITS.fileBytes)?.bytes.toString() ?? '')
      : '';
  const used = new Map<string, { highest: number; count: number }>();
  for (const source of [...names, ...(await git.branches()), text]) {
    // The folder that holds the evidence has the name of a spec, and says nothing about this repository's own.
    const counts = !root.startsWith(`${docsRoot}/${source}/`);
    for (const [, area = '', number] of source.matchAll(ID)) {
      const { highest, count } = used.get(area) ?? { highest: 0, count: 0 };
      used.set(area, { highest: Math.max(highest, Number(number)), count: count + (counts ? 1 : 0) });
    }
  }
  return used;
}

/** The area that most ids have; of equals the first by name. */
export function usualArea(used: UsedIds): string {
  const [first] = [...used]
    .filter(([, { count }]) => count > 0)
    .sort(([a, { count: x }], [b, { count: y }]) => y - x || (a < b ? -1 : 1));
  return first?.[0] ?? DEFAULT_AREA;
}

export function nextNumber(used: UsedIds, area: string): number {
  return (used.get(area)?.highest ?? 0) + 1;
}

export function idOf(area: string, number: number): string {
  return `SPEC-${area}-${String(number).padStart(3, '0')}`;
}

/** Takes the first free id, for good: whoever else asks at the same time gets another one. */
export function takeId(workspace: Workspace, root: string, area: string, from: number): string {
  const { files } = workspace;
  const drafts = openDrafts(workspace, root, newSessionId(workspace));
  try {
    const draft = drafts.create(Buffer.from(''));
    for (let number = from; number < from + MAX_TRIES; number++) {
      const id = idOf(area, number);
      if (files.link(draft, `${takenFolder(root)}/${id}`)) return id;
    }
  } finally {
    drafts.discard();
  }
  throw new SpecError(
    'BUSY',
    `No id of the area ${area} was free in ${MAX_TRIES} tries. Call again, or give another area.`,
  );
}

/** For a spec that came to nothing and whose id nobody has seen. */
export function giveBackId({ files }: Workspace, root: string, id: string): void {
  discard(files, `${takenFolder(root)}/${id}`);
}

function takenFolder(root: string): string {
  return `${root}/.staging/ids`;
}
