import { STAGES } from '../../schemas/ids.js';
import type { Next } from '../../schemas/shared.js';
import type { StageStatus } from '../../schemas/status.js';
import { stageCall } from '../pipeline/take-up.js';

/**
 * The call that takes a spec further: lint while spec.md is missing, else the first stage that has not passed; before the
 * audit the agents whose verdict speaks about another text.
 */
export function nextForSpec(
  specId: string,
  missing: readonly string[],
  stages: readonly StageStatus[],
): Next {
  if (missing.includes('spec.md')) return { tool: 'lint_tasks', arguments: { specId } };
  const passed = new Set(stages.filter(({ outcome }) => outcome === 'passed').map(({ stage }) => stage));
  const due = STAGES.find(stage => !passed.has(stage));
  const outdated = stages.find(({ outdatedBy = [] }) => outdatedBy.length > 0)?.stage;
  const late = due === undefined || due === 'audit' || due === 'unlock';
  if (late && outdated !== undefined) return stageCall(specId, outdated);
  if (due !== undefined) return { tool: 'run_guardrail', arguments: { specId, stage: due } };
  return { tool: 'verify_evidence', arguments: { specId } };
}
