import type { Stage } from '../../schemas/ids.js';
import { auditStage } from './audit.js';
import type { Guardrail, StagePlan } from './guardrail.js';
import { implementStage } from './implement.js';
import { planStage } from './plan.js';
import { tasksStage } from './tasks.js';
import { unlockStage } from './unlock.js';
import { validateStage } from './validate.js';

/** How each stage is made of checks. */
export const stagePlans: Readonly<Record<Stage, (guardrail: Guardrail) => StagePlan>> = {
  plan: planStage,
  tasks: tasksStage,
  implement: implementStage,
  validate: validateStage,
  audit: auditStage,
  unlock: unlockStage,
};
