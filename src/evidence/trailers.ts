import { EvidenceHead } from '../../schemas/inputs/evidence.js';
import { SpecError } from '../errors.js';
import type { Git } from '../workspace/git.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Held } from './anchor.js';
import { headNow } from './head.js';

export const TRAILER = 'Evidence-Head';

const known = new WeakMap<Git, { readonly commit: string; readonly held: readonly Held[] }>();

/** The newest `Evidence-Head` trailer of each spec in the history of HEAD; none where git cannot answer. */
export async function trailerAnchors(
  workspace: Workspace,
  specId: string | undefined,
): Promise<readonly Held[]> {
  const { commit } = await headNow(workspace);
  if (commit === null) return [];
  const before = known.get(workspace.git);
  const held = before?.commit === commit ? before.held : await newestTrailers(workspace.git);
  known.set(workspace.git, { commit, held });
  return held.filter(each => specId === undefined || ('head' in each && each.head.startsWith(`${specId}@`)));
}

async function newestTrailers(git: Git): Promise<readonly Held[]> {
  const newest = new Map<string, Held>();
  for (const { commit, value } of await trailersOf(git)) {
    const head = EvidenceHead.safeParse(value).data;
    const specId = head?.split('@')[0];
    if (head === undefined || specId === undefined || newest.has(specId)) continue;
    newest.set(specId, { head, from: `trailer of commit ${commit.slice(0, 12)}` });
  }
  return [...newest.values()];
}

async function trailersOf(git: Git): ReturnType<Git['trailers']> {
  try {
    return await git.trailers(TRAILER);
  } catch (error) {
    if (error instanceof SpecError) return [];
    throw error;
  }
}
