import type { Workspace } from '../workspace/workspace.js';
import { type Checked, type Guardrail, required, type Step, some } from './guardrail.js';

const NAME = 'clean-tree';

/** Nothing uncommitted, untracked files included; only files that a recorded bundle of ours names are excused. */
export const cleanTree: Step = { name: NAME, run: checkCleanTree };

export async function checkCleanTree({ workspace, source }: Guardrail): Promise<Checked> {
  const changed = source.changes.map(({ path }) => path);
  const suspicious = await workspace.git.untrustedConfig();
  const note =
    suspicious.length === 0
      ? ''
      : ` GIT_UNTRUSTED_CONFIG: the repository's own git configuration names programs, which were not run: ${some(suspicious, 5)}.`;
  if (changed.length === 0)
    return required(NAME, 'passed', `Nothing is uncommitted.${await leftOut(workspace)}${note}`);
  const message = `${changed.length} uncommitted: ${some(changed, 5)}.`;
  if (!workspace.operator.allowDirty)
    return required(
      NAME,
      'failed',
      `${message} Commit them or move them away, then run the guardrail again.${note}`,
    );
  const waiver = { check: NAME, by: 'SPEC_OPS_ALLOW_DIRTY', reason: 'the operator allows a dirty work tree' };
  return { ...required(NAME, 'waived', `${message} Allowed by SPEC_OPS_ALLOW_DIRTY.${note}`), waiver };
}

/** No reason to fail, but what was checked then is not the whole commit. */
async function leftOut({ git }: Workspace): Promise<string> {
  const count = await git.leftOut();
  return count === 0
    ? ''
    : ` A sparse checkout leaves ${count} tracked files out: nothing is said about them.`;
}
