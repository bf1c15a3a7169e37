import type { Source } from '../../schemas/evidence.js';
import { ownOutputs } from '../evidence/own-outputs.js';
import { type Guardrail, some } from './guardrail.js';

/** Whether what was checked then is what is there now; `why` continues a sentence that names the evidence. */
export type Lineage =
  | { readonly kind: 'here' }
  /** It ran on uncommitted changes, so that nobody can look up what it checked. */
  | { readonly kind: 'dirty'; readonly why: string }
  | { readonly kind: 'elsewhere'; readonly why: string; readonly changed: readonly string[] };

/** Names that this product gives under the evidence root, for what is not there any more: moved to the archive, or merged away. */
const EVIDENCE_NAME =
  /^(?:(?:commands|consensus)\/[^/]+\/[^/]*\d{8}T\d{6}Z-[0-9a-f]{8}[^/]*|ledger\/[^/]+\/\d{8}\.json|runs\/[^/]+\.json)$/;
const ALWAYS_OURS = /^(?:\.gitattributes|archive\/[^/]+\/[^/]+\.evidence)$/;

/**
 * Evidence belongs to the commit of this run when it was made there, or at an ancestor from which only evidence and the
 * tracker differ. Throws GIT_UNAVAILABLE.
 */
export async function lineageOf(
  guardrail: Pick<Guardrail, 'workspace' | 'settings' | 'source'>,
  { commit, dirty }: Source,
): Promise<Lineage> {
  const { workspace, source } = guardrail;
  const now = source.head.commit;
  if (commit === null || now === null) return elsewhere('it belongs to no commit');
  if (!(await workspace.git.isAncestor(commit, now)))
    return elsewhere(
      `it ran at ${short(commit)}, which is not in the history of ${short(now)} as far as this clone goes back`,
    );
  const changed = unexcused(guardrail, await workspace.git.changedBetween(commit, now));
  if (changed.length > 0)
    return elsewhere(
      `it ran at ${short(commit)}, and since then more than evidence and the tracker changed: ${some(changed, 3)}`,
      changed,
    );
  return dirty === true
    ? { kind: 'dirty', why: `it ran at ${short(commit)} with uncommitted changes` }
    : { kind: 'here' };
}

function elsewhere(why: string, changed: readonly string[] = []): Lineage {
  return { kind: 'elsewhere', why, changed };
}

/** What lies under the evidence root counts as source, like anything else, unless this product wrote it. */
function unexcused(
  { workspace, settings }: Pick<Guardrail, 'workspace' | 'settings'>,
  paths: readonly string[],
): readonly string[] {
  const { tracker, evidence_root: root } = settings.workspace;
  const ours = ownOutputs(workspace, root, paths);
  const isEvidence = (path: string) => {
    if (ours.has(path)) return true;
    const name = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : '';
    const isGone = workspace.files.info(path).kind === 'missing';
    return ALWAYS_OURS.test(name) || (isGone && EVIDENCE_NAME.test(name));
  };
  return paths.filter(path => path !== tracker && !isEvidence(path));
}

function short(commit: string): string {
  return commit.slice(0, 12);
}
