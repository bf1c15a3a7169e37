import type { GitChange, GitHead } from '../workspace.js';
import { foreignChanges } from './clean-tree.js';
import { type Checked, type Guardrail, required, some } from './guardrail.js';

/** The state of the repository that a run speaks about. */
export interface SourceState {
  readonly head: GitHead;
  readonly changes: readonly GitChange[];
}

export async function sourceState(guardrail: Guardrail): Promise<SourceState> {
  return { head: await guardrail.workspace.git.head(), changes: await foreignChanges(guardrail) };
}

/** A run during which HEAD moved or a command changed tracked files speaks about no single state, so it is not passed. */
export async function sourceUnchanged(guardrail: Guardrail, before: SourceState): Promise<Checked> {
  const after = await sourceState(guardrail);
  if (after.head.commit !== before.head.commit)
    return required(
      'source-unchanged',
      'failed',
      `HEAD moved during the run, from ${before.head.commit ?? 'no commit'} to ${after.head.commit ?? 'no commit'}. Run the guardrail again.`,
    );
  const known = new Set(before.changes.map(key));
  const changed = after.changes.filter(change => change.code !== '??' && !known.has(key(change)));
  if (changed.length === 0)
    return required(
      'source-unchanged',
      'passed',
      'HEAD and the tracked files are as they were before the run.',
    );
  const paths = changed.map(({ path }) => path);
  return required(
    'source-unchanged',
    'failed',
    `The run changed tracked files: ${some(paths, 5)}. Make the commands write to ignored paths, or commit what they make.`,
  );
}

function key({ code, path }: GitChange): string {
  return `${code} ${path}`;
}
