import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { findBundle } from './find-bundle.js';
import { fileText, manifestText } from './read-bundle.js';
import type { Recorded } from './records.js';
import { verifyLinks, verifyRecorded } from './verify-one.js';
import { loadRecompute } from './verify-spec.js';

/**
 * The manifest of a recorded bundle, or one of its files, as evidence for a reader; undefined when no record names it. Throws
 * REFUSED unless all of the bundle verifies, and what reading it throws.
 */
export async function shownText(
  workspace: Workspace,
  root: string,
  specId: string,
  bundle: string,
  file?: string,
): Promise<string | undefined> {
  const found = findBundle(workspace, root, specId, bundle);
  if (found === undefined) return undefined;
  await assertSound(workspace, root, found);
  return file === undefined
    ? manifestText(workspace, root, specId, bundle)
    : fileText(workspace, root, specId, bundle, file);
}

/** A manifest says what passed, and a file is only what its whole bundle makes of it. Throws REFUSED. */
async function assertSound(
  workspace: Workspace,
  root: string,
  { seq, record: { specId, bundle, manifest } }: Recorded,
): Promise<void> {
  const isConsensus = manifest.path.startsWith('consensus/');
  const recompute = isConsensus ? await loadRecompute(workspace, root, specId) : undefined;
  const wrong = [
    ...verifyRecorded(workspace, root, specId, seq, recompute),
    ...verifyLinks(workspace, root, specId, seq),
  ].find(({ severity }) => severity === 'error');
  if (wrong === undefined) return;
  throw new SpecError(
    'REFUSED',
    `The bundle ${bundle} does not verify (${wrong.code}${wrong.file === undefined ? '' : ` at ${wrong.file}`}), so it is not shown as evidence. verify_evidence names what is wrong.`,
  );
}
