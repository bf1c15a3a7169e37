import type { PlanTelemetry } from '../../schemas/telemetry.js';
import { planBaseline } from './baseline.js';
import { cleanTree } from './clean-tree.js';
import { packetDocuments } from './documents.js';
import type { Checked, Guardrail, StagePlan } from './guardrail.js';
import { sessionHook } from './hook.js';
import { withPolicy } from './policy.js';
import { trackerRow } from './tracker-row.js';

export function planStage({ settings, baselineMode }: Guardrail): StagePlan {
  const baseline = planBaseline(settings, baselineMode);
  return {
    steps: withPolicy([cleanTree, packetDocuments, trackerRow, sessionHook, ...baseline.steps]),
    fields: (done, artifact) => ({
      command: 'spec-ops-plan',
      baseline: { mode: baseline.mode, artifact, status: baselineStatus(done) },
      hooks: { 'session.start': hookStatus(done) },
    }),
  };
}

/** Of the commands alone: one that was waived had failed, and one that did not run makes the baseline skipped. */
function baselineStatus(done: readonly Checked[]): PlanTelemetry['baseline']['status'] {
  const checks = done.map(({ check }) => check).filter(({ name }) => /^baseline(:|$)/.test(name));
  const ran = checks.filter(({ name }) => name !== 'baseline');
  if (ran.some(({ status }) => status === 'failed' || status === 'waived')) return 'failed';
  return checks.length > 0 && checks.every(({ status }) => status === 'passed') ? 'passed' : 'skipped';
}

function hookStatus(done: readonly Checked[]): PlanTelemetry['hooks']['session.start'] {
  const status = done.find(({ check }) => check.name === sessionHook.name)?.check.status;
  if (status === 'passed') return 'ok';
  return status === 'failed' ? 'failed' : 'skipped';
}
