import type { Stage } from '../../schemas/ids.js';
import { SpecError } from '../errors.js';
import { auditStage } from './audit.js';
import type { Guardrail, StagePlan } from './guardrail.js';
import { planStage } from './plan.js';
import { tasksStage } from './tasks.js';
import { validateStage } from './validate.js';

type MakePlan = (guardrail: Guardrail) => StagePlan;

/** How each stage is made of checks. */
const stages: Readonly<Partial<Record<Stage, MakePlan>>> = {
  plan: planStage,
  tasks: tasksStage,
  validate: validateStage,
  audit: auditStage,
};

/** Throws NOT_BUILT for a stage that this version does not have. */
export function planOf(stage: Stage): MakePlan {
  const make = stages[stage];
  if (make !== undefined) return make;
  throw new SpecError(
    'NOT_BUILT',
    `The ${stage} guardrail is not built in this version. Nothing was checked and nothing was recorded.`,
  );
}

export function isBuilt(stage: Stage): boolean {
  return stages[stage] !== undefined;
}
