import type { Next } from '../../schemas/shared.js';
import type { StageStatus } from '../../schemas/status.js';

/** The call that takes a spec further: lint while documents are missing, else the plan guardrail until it passed. */
export function nextForSpec(
  specId: string,
  missing: readonly string[],
  stages: readonly StageStatus[],
): Next {
  if (missing.includes('spec.md')) return { tool: 'lint_tasks', arguments: { specId } };
  const plan = stages.find(({ stage }) => stage === 'plan');
  if (plan?.outcome !== 'passed') return { tool: 'run_guardrail', arguments: { specId, stage: 'plan' } };
  return { tool: 'verify_evidence', arguments: { specId } };
}
