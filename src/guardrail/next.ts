import type { Check } from '../../schemas/guardrail.js';
import { type Outcome, STAGES, type Stage } from '../../schemas/ids.js';
import type { Next } from '../../schemas/shared.js';
import { stageCall } from '../pipeline/take-up.js';
import { EVIDENCE_PREFIX } from './earlier-stages.js';
import { AUDIT_CHECK } from './unlock.js';
import { VERDICT_PREFIX } from './verdicts.js';

/**
 * A passed stage leads to the one after it; any other outcome to the first earlier stage whose evidence does not hold, then to
 * the first whose agents have to be asked again, or else to the same one, when its messages are seen to.
 */
export function nextCall(
  specId: string,
  stage: Stage,
  outcome: Outcome,
  checks: readonly Pick<Check, 'name' | 'status'>[] = [],
): Next {
  if (outcome !== 'passed') return again(specId, stage, checks);
  const following = STAGES[STAGES.indexOf(stage) + 1];
  return following === undefined
    ? { tool: 'spec_status', arguments: { specId } }
    : { tool: 'run_guardrail', arguments: { specId, stage: following } };
}

function again(specId: string, stage: Stage, checks: readonly Pick<Check, 'name' | 'status'>[]): Next {
  const stale = staleStage(checks);
  const unsettled = stale === undefined ? failedStage(VERDICT_PREFIX, checks) : undefined;
  if (unsettled !== undefined) return stageCall(specId, unsettled);
  return { tool: 'run_guardrail', arguments: { specId, stage: stale ?? stage } };
}

function staleStage(checks: readonly Pick<Check, 'name' | 'status'>[]): Stage | undefined {
  if (checks.some(({ name, status }) => name === AUDIT_CHECK && status === 'failed')) return 'audit';
  return failedStage(EVIDENCE_PREFIX, checks);
}

function failedStage(prefix: string, checks: readonly Pick<Check, 'name' | 'status'>[]): Stage | undefined {
  return STAGES.find(stage =>
    checks.some(({ name, status }) => name === `${prefix}${stage}` && status === 'failed'),
  );
}
