import { type Checked, type Guardrail, required, type Step, some } from './guardrail.js';

const NAME = 'clean-tree';

/** Nothing uncommitted, untracked files included; only files that a recorded bundle of ours names are excused. */
export const cleanTree: Step = { name: NAME, run: checkCleanTree };

async function checkCleanTree({ workspace, source }: Guardrail): Promise<Checked> {
  const changed = source.changes.map(({ path }) => path);
  const suspicious = await workspace.git.untrustedConfig();
  const note =
    suspicious.length === 0
      ? ''
      : ` GIT_UNTRUSTED_CONFIG: the repository's own git configuration names programs, which were not run: ${some(suspicious, 5)}.`;
  if (changed.length === 0) return required(NAME, 'passed', `Nothing is uncommitted.${note}`);
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
