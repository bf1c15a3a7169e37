import { ownOutputs } from '../evidence/own-outputs.js';
import { isRunPath } from '../pipeline/run-files.js';
import type { LoadedSettings } from '../settings/load.js';
import type { GitChange, GitHead } from '../workspace/git.js';
import type { Workspace } from '../workspace/workspace.js';
import { type Checked, type Guardrail, required, type SourceState, some } from './guardrail.js';

const NAME = 'source-unchanged';

/** The state of the repository, outputs of this product left aside. Throws GIT_UNAVAILABLE. */
export async function sourceState(
  workspace: Workspace,
  { settings }: Pick<LoadedSettings, 'settings'>,
): Promise<SourceState> {
  const head = await workspace.git.head();
  const changes = await workspace.git.changes();
  const root = settings.workspace.evidence_root;
  // The record of a run goes on changing after it was committed; nothing else of ours does.
  const mayBeOurs = changes
    .filter(({ code, path }) => code === '??' || code === 'A ' || isRunPath(root, path))
    .map(({ path }) => path);
  const ours = ownOutputs(workspace, root, mayBeOurs);
  return {
    head,
    changes: changes
      .filter(({ path }) => !ours.has(path))
      .map(change => ({ ...change, version: workspace.files.info(change.path).version })),
  };
}

/**
 * A run without a commit, in the middle of a merge, during which HEAD moved, or in which a command changed tracked files, speaks about no single
 * state, so it is not passed.
 */
export async function sourceUnchanged(guardrail: Guardrail): Promise<Checked> {
  const before = guardrail.source;
  const after = await sourceState(guardrail.workspace, guardrail);
  const problem =
    noCommit(before.head) ??
    merging(guardrail.workspace) ??
    headMoved(before.head, after.head) ??
    filesChanged(before, after);
  return problem === undefined
    ? required(
        NAME,
        'passed',
        `HEAD and the tracked files are as they were before the run.${unaudited(before)}`,
      )
    : required(NAME, 'failed', problem);
}

/** No reason to fail, and better known now than at the audit. */
function unaudited({ changes }: SourceState): string {
  return changes.length === 0 ? '' : ` ${changes.length} uncommitted; an audit asks for a run on a commit.`;
}

function noCommit({ commit }: GitHead): string | undefined {
  return commit === null
    ? 'There is no commit yet, so this run speaks about no state that anyone could look up. Commit, then run the guardrail again.'
    : undefined;
}

function merging({ git }: Workspace): string | undefined {
  return git.isMerging()
    ? 'A merge is in progress, so this run speaks about no commit. Finish the merge, then run the guardrail again.'
    : undefined;
}

function headMoved(before: GitHead, after: GitHead): string | undefined {
  if (after.commit !== before.commit)
    return `HEAD moved during the run, from ${before.commit ?? 'no commit'} to ${after.commit ?? 'no commit'}. Run the guardrail again.`;
  return after.branch === before.branch
    ? undefined
    : `The branch changed during the run, from ${before.branch ?? 'a detached HEAD'} to ${after.branch ?? 'a detached HEAD'}. Run the guardrail again.`;
}

function filesChanged(before: SourceState, after: SourceState): string | undefined {
  const known = new Set(before.changes.map(key));
  const seen = new Set(after.changes.map(key));
  const changed = [
    ...after.changes.filter(change => change.code !== '??' && !known.has(key(change))),
    ...before.changes.filter(change => change.code !== '??' && !seen.has(key(change))),
  ];
  if (changed.length === 0) return undefined;
  const paths = [...new Set(changed.map(({ path }) => path))];
  return `The run changed tracked files: ${some(paths, 5)}. Make the commands write to ignored paths, or commit what they make.`;
}

function key({ code, path, version }: GitChange & { readonly version: string }): string {
  return `${code} ${version} ${path}`;
}
