import type { GuardrailReport, Waiver } from '../../schemas/guardrail.js';
import type { RunGuardrailInput } from '../../schemas/inputs/checks.js';
import { SpecError } from '../errors.js';
import { findBundle } from '../evidence/find-bundle.js';
import { publishBundle } from '../evidence/publish.js';
import { newSessionId } from '../evidence/session.js';
import { discard, openStaging } from '../evidence/staging.js';
import { findPacket } from '../packet/find.js';
import { loadSettings } from '../settings/load.js';
import type { Call } from '../tool.js';
import type { Guardrail, StagePlan } from './guardrail.js';
import { nextCall } from './next.js';
import type { Orders } from './orders.js';
import { countChecks, decideOutcome } from './outcome.js';
import { reported } from './report.js';
import { runSteps, timed } from './run-steps.js';
import { sourceState, sourceUnchanged } from './source.js';
import { stagePlans } from './stages.js';
import { telemetryFiles } from './telemetry.js';

/** What comes between the stages implement and validate, and no tool does. */
const WORK = ' Now make the change and commit it; then validate.';

/**
 * Runs the checks of a stage, records them as an evidence bundle, and tells what came out. A failed check is a result;
 * a run that could not be recorded is an error, because then nothing shows what was checked.
 */
export async function runGuardrail(
  input: Omit<RunGuardrailInput, 'workspace' | 'waitSeconds'>,
  { workspace, signal, progress }: Call,
  orders: Orders = {},
): Promise<GuardrailReport> {
  const { settings, digest } = await loadSettings(workspace);
  const packet = findPacket(workspace, settings.workspace.docs_root, input.specId);
  // Before anything is written: without git there is no run, and nothing may be left of it.
  const source = await sourceState(workspace, { settings });
  const sessionId = newSessionId(workspace);
  const staging = openStaging(workspace, settings.workspace.evidence_root, sessionId);
  const guardrail: Guardrail = {
    workspace,
    settings,
    configDigest: digest,
    packet,
    stage: input.stage,
    sessionId,
    source,
    staging,
    baselineMode: input.baselineMode,
    orders,
    signal,
  };
  const plan = stagePlans[input.stage](guardrail);
  try {
    return await runAndRecord(guardrail, plan, progress);
  } catch (error) {
    if (!isRecorded(guardrail)) await plan.undo?.();
    throw error;
  } finally {
    discard(workspace.files, staging);
  }
}

/** A record can be in its place although recording it threw: the disk may not have confirmed it. */
function isRecorded({ workspace, settings, packet, sessionId }: Guardrail): boolean {
  try {
    return findBundle(workspace, settings.workspace.evidence_root, packet.specId, sessionId) !== undefined;
  } catch (error) {
    if (error instanceof SpecError) return false;
    throw error;
  }
}

async function runAndRecord(
  guardrail: Guardrail,
  { steps, conclude, fields }: StagePlan,
  progress: Call['progress'],
): Promise<GuardrailReport> {
  const { workspace, settings, packet, stage, sessionId, source } = guardrail;
  const startedAt = workspace.now();
  const done = await runSteps(guardrail, steps, progress);
  const unchanged = { name: 'source-unchanged', run: sourceUnchanged };
  done.push(...(await timed(guardrail, unchanged, done)));
  if (conclude !== undefined) done.push(...(await timed(guardrail, conclude, done)));
  const checks = done.map(({ check }) => check);
  const waivers = done.flatMap(({ waiver, inherited = [] }): Waiver[] =>
    waiver === undefined ? [...inherited] : [waiver, ...inherited],
  );
  const outcome = decideOutcome(checks);
  const endedAt = workspace.now();
  const finished = { guardrail, done, waivers, outcome, startedAt, endedAt };
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
    source: { ...source.head, dirty: source.changes.length > 0 },
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
    summary: `${stage} guardrail of ${packet.specId}: ${outcome}. ${countChecks(checks)}.${stage === 'implement' && outcome === 'passed' ? WORK : ''}`,
    ...reported(checks, waivers),
    bundle: sessionId,
    telemetry: `${settings.workspace.evidence_root}/commands/${packet.specId}/spec-${stage}_${sessionId}.json`,
    resource: published.resource,
    next: nextCall(packet.specId, stage, outcome, checks),
  };
}
