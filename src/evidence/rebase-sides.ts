import { LedgerRecord, Manifest } from '../../schemas/evidence.js';
import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { inBundleFolders } from './bundle-files.js';
import { digestOf, sha256Of } from './digest.js';
import { bundleFolders, ledgerFolder, nameOf, recordName } from './layout.js';
import { MAX_RECORD_BYTES } from './ledger.js';
import type { Orphan, SideRecord } from './rebase-plan.js';
import { recordBytes } from './rebased.js';
import { MAX_MANIFEST_BYTES, parsed } from './records.js';

const OURS = 2;

/** What the ledger of a spec is in the work tree, in the index, and on the other side of a merge. */
export interface Sides {
  /** By number: of our side where git has a conflict, else of the work tree. */
  readonly ours: ReadonlyMap<number, SideRecord>;
  readonly theirs: readonly SideRecord[];
}

/** Throws REFUSED for a record file that is none and that git knows no sides of: nothing may be put in its place. */
export async function sidesOf(workspace: Workspace, root: string, specId: string): Promise<Sides> {
  const folder = `${root}/${ledgerFolder(specId)}`;
  const unmerged = await workspace.git.sides.unmerged(folder);
  const { ours, blobs } = workTreeSide(workspace, folder, specId, new Set(unmerged.map(({ path }) => path)));
  const others = await Promise.all(
    (await workspace.git.sides.others()).map(commit => workspace.git.sides.filesAt(commit, folder)),
  );
  const stored = [...unmerged, ...others.flat().filter(({ id }) => !blobs.has(id))];
  const theirs: SideRecord[] = [];
  for (const version of stored) {
    const text = await workspace.git.sides.text(version.id, MAX_RECORD_BYTES);
    const side = text === undefined ? undefined : sideOf(Buffer.from(text), nameOf(version.path), specId);
    if (side === undefined) continue;
    if ('stage' in version && version.stage === OURS) ours.set(side.record.seq, side);
    else theirs.push(side);
  }
  return { ours, theirs };
}

/** The records of the work tree but the conflicted ones, and the ids that git gives their bytes. */
function workTreeSide({ files }: Workspace, folder: string, specId: string, conflicted: ReadonlySet<string>) {
  const ours = new Map<number, SideRecord>();
  const blobs = new Set<string>();
  for (const { name } of files.list(folder)) {
    const path = `${folder}/${name}`;
    if (conflicted.has(path)) continue;
    const { kind, size } = files.info(path);
    const bytes = kind === 'file' && size <= MAX_RECORD_BYTES ? files.read(path, size)?.bytes : undefined;
    const side = bytes === undefined ? undefined : sideOf(bytes, name, specId);
    if (bytes === undefined || side === undefined)
      throw new SpecError(
        'REFUSED',
        `${path} is no record of ${specId}, and git has no sides of it. Restore it with git, or remove it if it never was one; then rebase.`,
      );
    blobs.add(digestOf(bytes).gitBlob);
    ours.set(side.record.seq, side);
  }
  return { ours, blobs };
}

/** A record in canonical form at the place that its number says; undefined for anything else. */
function sideOf(bytes: Buffer, name: string, specId: string): SideRecord | undefined {
  const record = LedgerRecord.safeParse(parsed(bytes)).data;
  if (record?.specId !== specId || name !== recordName(record.seq)) return undefined;
  return recordBytes(record).equals(bytes) ? { record, sha256: sha256Of(bytes) } : undefined;
}

/** Bundles whose manifest lies in the work tree, by session; a manifest of another bundle than its name says is none. */
export function bundlesInPlace(workspace: Workspace, root: string, specId: string): readonly Orphan[] {
  const manifests = bundleFolders(specId).flatMap(folder =>
    workspace.files
      .list(`${root}/${folder}`)
      .filter(({ name }) => name.endsWith('_manifest.json'))
      .map(({ name }) => `${folder}/${name}`),
  );
  return inBundleFolders(workspace, root, specId, read =>
    manifests.flatMap((path): Orphan[] => {
      const bytes = read(path, MAX_MANIFEST_BYTES);
      const predicate =
        typeof bytes === 'string' ? undefined : Manifest.safeParse(parsed(bytes)).data?.predicate;
      if (
        typeof bytes === 'string' ||
        predicate?.specId !== specId ||
        !path.includes(`_${predicate.bundle}_`)
      )
        return [];
      return [
        {
          specId,
          bundle: predicate.bundle,
          manifest: { path, sha256: sha256Of(bytes) },
          at: predicate.recordedAt,
        },
      ];
    }),
  );
}
