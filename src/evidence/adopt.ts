import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import type { Workspace } from '../workspace/workspace.js';
import { nameOf } from './layout.js';
import { NO_RECORD } from './ledger.js';
import type { Orphan, SideRecord } from './rebase-plan.js';
import { verifyUnrecorded } from './verify-one.js';
import { loadRecompute } from './verify-spec.js';

/** Bundles that no record names: which may get one, and why the others may not. */
export interface Adoption {
  readonly bundles: readonly Orphan[];
  readonly left: readonly { readonly bundle: string; readonly why: string }[];
}

/**
 * A bundle without a record is what a crash left, or what a merge lost, or what somebody put there. It may get a record when
 * all of it verifies, and never in the place of a run that came after it. `recorded`: of all sides.
 */
export async function adoptable(
  workspace: Workspace,
  root: string,
  specId: string,
  inPlace: readonly Orphan[],
  recorded: readonly SideRecord[],
): Promise<Adoption> {
  const named = new Set(recorded.map(({ record }) => record.bundle));
  const orphans = inPlace.filter(({ bundle }) => !named.has(bundle));
  const recompute = orphans.length === 0 ? undefined : await loadRecompute(workspace, root, specId);
  const bundles: Orphan[] = [];
  const left: { bundle: string; why: string }[] = [];
  for (const orphan of orphans) {
    const record = { v: 1 as const, seq: 1, prev: NO_RECORD, ...orphan };
    const why =
      unfit(orphan, orphans, recorded, workspace.now()) ??
      broken(verifyUnrecorded(workspace, root, record, recompute));
    if (why === undefined) bundles.push(orphan);
    else left.push({ bundle: orphan.bundle, why });
  }
  return { bundles, left };
}

function unfit(
  orphan: Orphan,
  orphans: readonly Orphan[],
  recorded: readonly SideRecord[],
  now: Date,
): string | undefined {
  const { bundle, at } = orphan;
  if (orphans.filter(other => other.bundle === bundle).length > 1) return 'more than one manifest claims it';
  if (Date.parse(at) > now.getTime()) return `it says that it is of ${at}, which is still to come`;
  const run = runOf(orphan);
  const later =
    run === undefined
      ? undefined
      : recorded.find(({ record }) => runOf(record) === run && Date.parse(record.at) > Date.parse(at));
  return later === undefined
    ? undefined
    : `${later.record.bundle} came after it and is recorded; a record made now would make this the newest`;
}

/** What only the newest of counts, by the name that its manifest has; undefined for what a caller attests. */
function runOf({ manifest, bundle }: Pick<Orphan, 'manifest' | 'bundle'>): string | undefined {
  return /^(?:spec-|hal)/.test(nameOf(manifest.path)) ? manifest.path.replace(bundle, '') : undefined;
}

function broken(findings: readonly EvidenceFinding[]): string | undefined {
  const wrong = findings.find(({ severity }) => severity === 'error');
  return wrong === undefined ? undefined : `it does not verify (${wrong.code}): ${wrong.message}`;
}
