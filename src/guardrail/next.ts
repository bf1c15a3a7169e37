import { type Outcome, STAGES, type Stage } from '../../schemas/ids.js';
import type { Next } from '../../schemas/shared.js';

/** A passed stage leads to the one after it, any other outcome to the same one again. */
export function nextCall(specId: string, stage: Stage, outcome: Outcome): Next {
  if (outcome !== 'passed') return { tool: 'run_guardrail', arguments: { specId, stage } };
  const following = STAGES[STAGES.indexOf(stage) + 1];
  return following === undefined
    ? { tool: 'spec_status', arguments: { specId } }
    : { tool: 'run_guardrail', arguments: { specId, stage: following } };
}
