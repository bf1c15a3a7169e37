import type { Check, GuardrailReport, RunGuardrailInput, Waiver } from '../../schemas/guardrail.js';
import { SpecError } from '../errors.js';
import { publishBundle } from '../evidence/publish.js';
import { newSessionId } from '../evidence/session.js';
import { discard, openStaging } from '../evidence/staging.js';
import { findPacket } from '../packet/find.js';
import { loadSettings } from '../settings/load.js';
import type { Call } from '../tool.js';
import type { Checked, Guardrail, Step } from './guardrail.js';
import { countChecks, decideOutcome } from './outcome.js';
import { planStage } from './plan.js';
import { sourceState, sourceUnchanged } from './source.js';
import { telemetryFiles } from './telemetry.js';

/**
 * Runs the checks of a stage, records them as an evidence bundle, and tells what came out. A failed check is a result;
 * a run that could not be recorded is an error, because then nothing shows what was checked.
 */
export async function runGuardrail(
  input: Omit<RunGuardrailInput, 'workspace'>,
  { workspace, signal, progress }: Call,
): Promise<GuardrailReport> {
  if (input.stage !== 'plan')
    throw new SpecError(
      'NOT_BUILT',
      `The ${input.stage} guardrail is not built in this version; only plan is. Nothing was checked and nothing was recorded.`,
    );
  const { settings, digest } = await loadSettings(workspace);
  const packet = findPacket(workspace, settings.workspace.docs_root, input.specId);
  // Before anything is written: without git there is no run, and nothing may be left of it.
  await workspace.git.head();
  const sessionId = newSessionId(workspace);
  const staging = openStaging(workspace, settings.workspace.evidence_root, sessionId);
  const guardrail: Guardrail = {
    workspace,
    settings,
    configDigest: digest,
    packet,
    stage: input.stage,
    sessionId,
    staging,
    baselineMode: input.baselineMode,
    signal,
  };
  try {
    return await runAndRecord(guardrail, progress);
  } finally {
    discard(workspace.files, staging);
  }
}

async function runAndRecord(guardrail: Guardrail, progress: Call['progress']): Promise<GuardrailReport> {
  const { workspace, settings, packet, stage, sessionId } = guardrail;
  const startedAt = workspace.now();
  const before = await sourceState(guardrail);
  const { steps, fields } = planStage(guardrail);
  const done = await runSteps(guardrail, steps, progress);
  done.push(
    await timed(guardrail, { name: 'source-unchanged', run: () => sourceUnchanged(guardrail, before) }),
  );
  const checks = done.map(({ check }) => check);
  const waivers = done.flatMap(({ waiver }): Waiver[] => (waiver === undefined ? [] : [waiver]));
  const outcome = decideOutcome(checks);
  const endedAt = workspace.now();
  const finished = { guardrail, before, done, waivers, outcome, startedAt, endedAt };
  const published = publishBundle(workspace, settings.workspace.evidence_root, {
    specId: packet.specId,
    sessionId,
    prefix: `spec-${stage}`,
    kind: 'guardrail',
    attestedBy: 'server',
    stage,
    outcome,
    checks,
    content: null,
    waivers,
    source: { ...before.head, dirty: before.changes.length > 0 },
    configDigest: guardrail.configDigest,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    files: telemetryFiles(finished, fields),
  });
  return {
    workspace: workspace.label,
    specId: packet.specId,
    stage,
    outcome,
    summary: `${stage} guardrail of ${packet.specId}: ${outcome}. ${countChecks(checks)}.`,
    checks: checks.map(({ name, status, message }) => ({ name, status, message })),
    waivers,
    bundle: sessionId,
    telemetry: `${settings.workspace.evidence_root}/commands/${packet.specId}/spec-${stage}_${sessionId}.json`,
    resource: published.resource,
    next: nextCall(guardrail, outcome),
  };
}

/** A step and the check it left, with its duration. */
type Done = Checked & { readonly check: Check };

/** In order, one after the other; after a cancel the rest is recorded as not run. */
async function runSteps(
  guardrail: Guardrail,
  steps: readonly Step[],
  progress: Call['progress'],
): Promise<Done[]> {
  const done: Done[] = [];
  for (const step of steps) {
    await progress(done.length, steps.length, `${step.name}`);
    done.push(await timed(guardrail, guardrail.signal.aborted ? cancelled(step) : step));
  }
  await progress(steps.length, steps.length, 'recording the evidence');
  return done;
}

function cancelled({ name }: Step): Step {
  const check = {
    name,
    status: 'not_run',
    required: true,
    message: 'Not run: the call was cancelled.',
  } as const;
  return { name, run: () => ({ check }) };
}

async function timed(guardrail: Guardrail, step: Step): Promise<Done> {
  const start = guardrail.workspace.now().getTime();
  const checked = await step.run(guardrail);
  const durationMs = Math.max(0, guardrail.workspace.now().getTime() - start);
  return { ...checked, check: { ...checked.check, durationMs } };
}

function nextCall(
  { packet, stage }: Guardrail,
  outcome: GuardrailReport['outcome'],
): GuardrailReport['next'] {
  const { specId } = packet;
  return outcome === 'passed'
    ? { tool: 'spec_status', arguments: { specId } }
    : { tool: 'run_guardrail', arguments: { specId, stage } };
}
