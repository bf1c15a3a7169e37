import type { AutoAttempt, Halt } from '../../schemas/auto.js';
import type { Check, GuardrailReport } from '../../schemas/guardrail.js';
import type { Stage } from '../../schemas/ids.js';
import type { StageReport } from '../../schemas/stage-tools.js';
import { Telemetry } from '../../schemas/telemetry.js';
import { MAX_MANIFEST_BYTES } from '../evidence/records.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Stop } from './auto.js';
import { haltFor, unaskedHalt } from './auto-budget.js';
import type { Auto } from './auto-state.js';

const SHOWN = 8;
const MESSAGE = 300;

/** What a try left, before it is judged. */
export interface Tried {
  readonly attempt: AutoAttempt;
  readonly findings: Halt['findings'];
  readonly timeUp: boolean;
  readonly waitsFor: Halt['resume'] | undefined;
  readonly budgetStop: StageReport['budgetStop'];
}

/** What kept it from passing, failed checks first: one that is not required and did not run is no reason. */
export function findingsOf(workspace: Workspace, { telemetry, checks }: GuardrailReport): Halt['findings'] {
  const optional = new Set(
    checksOf(workspace, telemetry).flatMap(({ name, required }) => (required ? [] : [name])),
  );
  const of = (wanted: string) =>
    checks.filter(({ name, status }) => status === wanted && !optional.has(name));
  return [...of('failed'), ...of('not_run')]
    .slice(0, SHOWN)
    .map(({ name, status, message }) => ({ name, status, message: message.slice(0, MESSAGE) }));
}

function checksOf({ files }: Workspace, path: string): readonly Check[] {
  const bytes = files.read(path, MAX_MANIFEST_BYTES)?.bytes;
  return bytes === undefined ? [] : Telemetry.parse(JSON.parse(bytes.toString())).checks;
}

/** Why the run stops after this try; undefined when it goes on. */
export function judge(
  auto: Auto,
  stage: Stage,
  { attempt, findings, timeUp, waitsFor, budgetStop }: Tried,
): Stop | undefined {
  if (waitsFor !== undefined) return { needs: 'answers', next: waitsFor };
  if (timeUp) return { halt: { ...haltFor(auto, stage, stage, 'its seconds are over'), findings } };
  if (auto.call.signal.aborted)
    return { halt: halt(auto, stage, 'CANCELLED', 'The run was cancelled.', findings) };
  if (budgetStop !== undefined && attempt.verdict === 'degraded')
    return { halt: { ...unaskedHalt(auto, stage, budgetStop), findings: shown(findings) } };
  if (attempt.outcome === 'passed') return disagreement(auto, stage, attempt, findings);
  const failed = attempt.outcome === 'failed';
  return {
    halt: halt(
      auto,
      stage,
      failed ? 'GUARDRAIL_FAILED' : 'GUARDRAIL_INCOMPLETE',
      `The ${stage} guardrail ${failed ? 'failed' : 'is incomplete: something did not run'}.`,
      findings,
    ),
  };
}

function disagreement(
  auto: Auto,
  stage: Stage,
  { kind, verdict }: AutoAttempt,
  findings: Halt['findings'],
): Stop | undefined {
  if (kind === 'recheck' || auto.state.skipConsensus || verdict === 'ok') return undefined;
  const conflict = verdict === 'conflict';
  const reason = conflict
    ? `The agents disagree about ${stage}.`
    : `The agents came to no full verdict on ${stage}.`;
  return { halt: halt(auto, stage, conflict ? 'CONFLICT' : 'DEGRADED', reason, shown(findings)) };
}

function shown(findings: Halt['findings']): Halt['findings'] {
  return findings.slice(0, SHOWN).map(each => ({ ...each, message: each.message.slice(0, MESSAGE) }));
}

function halt(auto: Auto, stage: Stage, code: string, reason: string, findings: Halt['findings']): Halt {
  const [first] = findings;
  return {
    stage,
    code,
    reason,
    findings,
    fix:
      first === undefined
        ? 'Go on with resume when you want to.'
        : code === 'CANCELLED'
          ? 'Resume when you want to go on.'
          : `See to what the findings say, ${first.name} first; commit; then resume.`,
    resume: { tool: 'spec_auto', arguments: { specId: auto.packet.specId, resume: auto.runId } },
  };
}

/** Only when nothing else failed: what fails for a reason of its own fails again. */
export function isTransient({ attempt, findings }: Tried): boolean {
  if (attempt.outcome !== 'failed') return false;
  const failed = findings.filter(({ status }) => status === 'failed');
  return (
    failed.length > 0 &&
    failed.every(({ name, message }) => name.startsWith('hal:') && message.includes('ECONNREFUSED'))
  );
}
