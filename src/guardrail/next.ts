import { type Outcome, STAGES, type Stage } from '../../schemas/ids.js';
import type { Next } from '../../schemas/shared.js';
import { isBuilt } from './stages.js';

/** A passed stage leads to the one after it, as far as it is built; any other outcome to the same one, when its messages are seen to. */
export function nextCall(specId: string, stage: Stage, outcome: Outcome): Next {
  if (outcome !== 'passed') return { tool: 'run_guardrail', arguments: { specId, stage } };
  const following = STAGES[STAGES.indexOf(stage) + 1];
  return following === undefined || !isBuilt(following)
    ? { tool: 'spec_status', arguments: { specId } }
    : { tool: 'run_guardrail', arguments: { specId, stage: following } };
}
