import { ownOutputs } from '../evidence/own-outputs.js';
import type { GitChange } from '../workspace.js';
import { type Checked, type Guardrail, required, type Step, some } from './guardrail.js';

const NAME = 'clean-tree';

/** Nothing uncommitted, untracked files included; only files that a recorded bundle of ours names are excused. */
export const cleanTree: Step = { name: NAME, run: checkCleanTree };

async function checkCleanTree(guardrail: Guardrail): Promise<Checked> {
  const { workspace } = guardrail;
  const changed = (await foreignChanges(guardrail)).map(({ path }) => path);
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

/** Uncommitted changes that are not outputs of ours. */
export async function foreignChanges({ workspace, settings }: Guardrail): Promise<readonly GitChange[]> {
  const changes = await workspace.git.changes();
  const ours = ownOutputs(
    workspace,
    settings.workspace.evidence_root,
    changes.filter(({ code }) => code === '??' || code === 'A ').map(({ path }) => path),
  );
  return changes.filter(({ path }) => !ours.has(path));
}
