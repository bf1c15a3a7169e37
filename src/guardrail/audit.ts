import { cleanTree } from './clean-tree.js';
import { doneClaims } from './done-claims.js';
import { EVIDENCE_PREFIX, earlierStages, ledgerSound } from './earlier-stages.js';
import { gatesUnchanged } from './gates.js';
import type { Guardrail, StagePlan } from './guardrail.js';
import { HAL_PREFIX, halStep } from './hal-step.js';
import { withPolicy } from './policy.js';
import { rowLint } from './row-lint.js';
import { scenariosOf } from './scenarios.js';
import { VERDICT_PREFIX, verdicts } from './verdicts.js';

/** Whether all that was claimed before holds for exactly this commit, and the API still does. */
export function auditStage(guardrail: Guardrail): StagePlan {
  const hal = halStep(guardrail);
  const before = [cleanTree, ledgerSound, ...earlierStages, gatesUnchanged, verdicts, rowLint, doneClaims];
  return {
    steps: withPolicy([...before, hal.step]),
    fields: done => ({
      command: 'spec-ops-audit',
      scenarios: scenariosOf(done.filter(({ check }) => isScenario(check.name))),
      ...hal.fields(),
    }),
  };
}

function isScenario(name: string): boolean {
  return [EVIDENCE_PREFIX, VERDICT_PREFIX, HAL_PREFIX].some(prefix => name.startsWith(prefix));
}
