import type { Check } from '../../schemas/guardrail.js';
import { type Outcome, STAGES, type Stage } from '../../schemas/ids.js';
import type { Next } from '../../schemas/shared.js';
import { EVIDENCE_PREFIX } from './earlier-stages.js';
import { AUDIT_CHECK } from './unlock.js';

/**
 * A passed stage leads to the one after it; any other outcome to the first earlier stage whose evidence does not hold, or
 * else to the same one, when its messages are seen to.
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
  return following === undefined
    ? { tool: 'spec_status', arguments: { specId } }
    : { tool: 'run_guardrail', arguments: { specId, stage: following } };
}

function staleStage(checks: readonly Pick<Check, 'name' | 'status'>[]): Stage | undefined {
  const failed = (check: string) => checks.some(({ name, status }) => name === check && status === 'failed');
  if (failed(AUDIT_CHECK)) return 'audit';
  return STAGES.find(stage => failed(`${EVIDENCE_PREFIX}${stage}`));
}
