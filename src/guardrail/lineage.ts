import type { Source } from '../../schemas/evidence.js';
import { type Guardrail, some } from './guardrail.js';

/** Whether what was checked then is what is there now; `why` continues a sentence that names the evidence. */
export type Lineage =
  | { readonly kind: 'here' }
  /** It ran on uncommitted changes, so that nobody can look up what it checked. */
  | { readonly kind: 'dirty'; readonly why: string }
  | { readonly kind: 'elsewhere'; readonly why: string; readonly changed: readonly string[] };

/** What this product itself writes under the evidence root; anything else there counts as source. */
const EVIDENCE = /^(\.gitattributes$|(commands|consensus|ledger|runs|archive)\/)/;

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
  const changed = (await workspace.git.changedBetween(commit, now)).filter(path => !excused(guardrail, path));
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

function excused({ settings }: Pick<Guardrail, 'settings'>, path: string): boolean {
  const { tracker, evidence_root: root } = settings.workspace;
  return path === tracker || (path.startsWith(`${root}/`) && EVIDENCE.test(path.slice(root.length + 1)));
}

function short(commit: string): string {
  return commit.slice(0, 12);
}
