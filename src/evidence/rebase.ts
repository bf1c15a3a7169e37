import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { type Adoption, adoptable } from './adopt.js';
import { ledgerFolder, recordName } from './layout.js';
import { MAX_RECORD_BYTES } from './ledger.js';
import { planRebase, type RebasePlan } from './rebase-plan.js';
import { bundlesInPlace, sidesOf } from './rebase-sides.js';
import { recordBytes } from './rebased.js';
import { openDrafts } from './staging.js';

export interface Rebased {
  readonly specId: string;
  readonly kept: number;
  /** `from`: its number before; null for a bundle whose record was lost. */
  readonly appended: readonly {
    readonly seq: number;
    readonly from: number | null;
    readonly bundle: string;
  }[];
  /** Bundles that no record names and that get none. */
  readonly left: Adoption['left'];
  readonly applied: boolean;
  /** Of the ledger, for `git add`. */
  readonly folder: string;
}

const UNASKED = 'no record names it; if you know where it comes from, --adopt records it';

/**
 * Makes one chain of the ledgers of two branches, from a conflicted merge or after one side was taken: our records stay, those
 * of the other side follow with new numbers. Bundles whose record is nowhere get one only with `adopt`, by order of a person who
 * knows where they come from. No bundle file is touched. Run again after an interruption it goes on. Throws REFUSED, NOT_FOUND (a bundle is not in the work tree), BUSY, GIT_UNAVAILABLE.
 */
export async function rebaseEvidence(
  workspace: Workspace,
  root: string,
  specId: string,
  { apply, adopt }: { readonly apply: boolean; readonly adopt: boolean },
): Promise<Rebased> {
  const { ours, theirs } = await sidesOf(workspace, root, specId);
  const inPlace = bundlesInPlace(workspace, root, specId);
  const { bundles, left } = await adoptable(workspace, root, specId, inPlace, [...ours.values(), ...theirs]);
  const plan = planRebase(ours, theirs, adopt ? bundles : []);
  const manifests = new Set(inPlace.map(({ manifest }) => `${manifest.path} ${manifest.sha256}`));
  const gone = plan.appended.find(
    ({ record: { manifest } }) => !manifests.has(`${manifest.path} ${manifest.sha256}`),
  );
  if (gone !== undefined)
    throw new SpecError(
      'NOT_FOUND',
      `The bundle ${gone.record.bundle} of the other side is not in the work tree as it was recorded. Take its files from the other branch (git checkout BRANCH -- ${root}), then rebase.`,
    );
  if (apply) writeRecords(workspace, root, specId, plan);
  return {
    specId,
    kept: plan.kept.length,
    appended: plan.appended.map(({ from, record }) => ({ seq: record.seq, from, bundle: record.bundle })),
    left: adopt ? left : [...bundles.map(({ bundle }) => ({ bundle, why: UNASKED })), ...left],
    applied: apply,
    folder: `${root}/${ledgerFolder(specId)}`,
  };
}

/** From the lowest number up, so that an interruption leaves nothing that a further rebase could not find. */
function writeRecords(
  workspace: Workspace,
  root: string,
  specId: string,
  { kept, appended }: RebasePlan,
): void {
  const { files } = workspace;
  const folder = `${root}/${ledgerFolder(specId)}`;
  const drafts = openDrafts(workspace, root, `${workspace.now().getTime()}-${workspace.randomHex(4)}`);
  try {
    const stays = kept.map(({ record }) => ({ record, bytes: recordBytes(record) }));
    for (const { record, bytes } of [...stays, ...appended]) {
      const path = `${folder}/${recordName(record.seq)}`;
      const { kind, size, version } = files.info(path);
      const now =
        kind === 'file' && size <= MAX_RECORD_BYTES ? files.read(path, MAX_RECORD_BYTES)?.bytes : undefined;
      if (now?.equals(bytes)) continue;
      if (kind === 'file') files.replace(path, bytes, version);
      else if (!files.link(drafts.create(bytes), path))
        throw new SpecError(
          'BUSY',
          `A bundle of ${specId} was recorded meanwhile. Rebase again: it goes on where it stopped.`,
        );
    }
  } finally {
    drafts.discard();
  }
  files.syncDirectory(folder);
}
