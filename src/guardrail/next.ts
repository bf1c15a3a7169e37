import type { Check } from '../../schemas/guardrail.js';
import { type Outcome, STAGES, type Stage } from '../../schemas/ids.js';
import type { Next } from '../../schemas/shared.js';
import { EVIDENCE_PREFIX } from './earlier-stages.js';
import { isBuilt } from './stages.js';

/**
 * A passed stage leads to the one after it, as far as it is built; any other outcome to the first earlier stage whose
 * evidence does not hold, or else to the same one, when its messages are seen to.
 */
export function nextCall(
  specId: string,
  stage: Stage,
  outcome: Outcome,
  checks: readonly Pick<Check, 'name' | 'status'>[] = [],
): Next {
  if (outcome !== 'passed')
    return { tool: 'run_guardrail', arguments: { specId, stage: staleStage(checks) ?? stage } };
  const following = STAGES[STAGES.indexOf(stage) + 1];
  return following === undefined || !isBuilt(following)
    ? { tool: 'spec_status', arguments: { specId } }
    : { tool: 'run_guardrail', arguments: { specId, stage: following } };
}

function staleStage(checks: readonly Pick<Check, 'name' | 'status'>[]): Stage | undefined {
  return STAGES.find(stage =>
    checks.some(({ name, status }) => name === `${EVIDENCE_PREFIX}${stage}` && status === 'failed'),
  );
}
