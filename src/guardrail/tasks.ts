import type { StageFields } from '../../schemas/telemetry.js';
import { acceptanceMapping } from './acceptance.js';
import { tasksDocument } from './documents.js';
import type { Checked, Guardrail, StagePlan } from './guardrail.js';
import { withPolicy } from './policy.js';
import { isProgramCheck, programSteps } from './programs.js';
import { rowLint } from './row-lint.js';
import { trackerRow } from './tracker-row.js';

type ToolStatus = Extract<StageFields, { command: 'spec-ops-tasks' }>['tool']['status'];

export function tasksStage({ settings }: Guardrail): StagePlan {
  const programs = programSteps(settings);
  return {
    steps: withPolicy([tasksDocument, trackerRow, rowLint, acceptanceMapping, ...programs]),
    fields: done => ({ command: 'spec-ops-tasks', tool: { status: toolStatus(done) } }),
  };
}

/** `ok` only when a program was asked for and every one is there. The origin's constant `ready` is never written. */
function toolStatus(done: readonly Checked[]): ToolStatus {
  const statuses = done.filter(({ check }) => isProgramCheck(check.name)).map(({ check }) => check.status);
  if (statuses.includes('failed')) return 'failed';
  return statuses.length > 0 && statuses.every(status => status === 'passed') ? 'ok' : 'skipped';
}
