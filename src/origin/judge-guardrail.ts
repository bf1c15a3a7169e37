import type { Stage } from '../../schemas/ids.js';
import { artifactPaths, type Ground, judgeArtifacts } from './artifacts.js';
import {
  blameIdentity,
  blamePlaceholders,
  claimOf,
  type FoundFile,
  type Judging,
  missingFields,
  objectIn,
  together,
} from './evidence-file.js';
import { at, type Fields, listAt, numberAt, quoted, textAt } from './fields.js';
import { judgePolicy } from './judge-policy.js';
import type { Blame, Claim } from './reasons.js';

/** What the captures of a guardrail show, by the name of each file. */
export type Captures = ReadonlyMap<string, Claim>;

/** What the baseline file of a plan guardrail says; undefined when there is none. */
export interface Baseline {
  readonly name: string;
  readonly text: string;
}

export interface GuardrailContext extends Judging {
  readonly ground: Ground;
  readonly captures: Captures;
  readonly baseline: Baseline | undefined;
}

const COMMON = ['schemaVersion', 'command', 'specId', 'sessionId', 'timestamp', 'artifacts'];
const CONSTANT = 'The script wrote this value without doing or checking anything, so it shows nothing.';

/** Guardrail telemetry v1. Returns what it claims; the reasons say what speaks against it. */
export function judgeGuardrail(file: FoundFile, stage: Stage, context: GuardrailContext): Claim {
  const { blame, ground } = context;
  const value = objectIn(file, blame);
  if (value === undefined) return 'none';
  blamePlaceholders(file.name, value, blame);
  blameIdentity(file, value, context);
  const missing = missingFields(value, COMMON);
  if (missing.length > 0) blame('field-missing', file.name, `It has no ${missing.join(', ')}.`);
  const command = textAt(value, 'command');
  if (command !== undefined && command !== `spec-ops-${stage}`)
    blame('wrong-identity', file.name, `Its command is ${quoted(command)}; its name says ${stage}.`);
  const paths = artifactPaths(value);
  if (paths.length === 0) blame('no-artifacts', file.name, 'It lists no artifacts.');
  judgeArtifacts(file.name, paths, ground, blame);
  const claim = judgeStage(file.name, stage, value, context);
  if (claim === 'skipped')
    blame('all-skipped', file.name, 'Everything in it was skipped, so nothing was shown.');
  judgePolicy(file.name, value, claim, blame);
  return claim;
}

function judgeStage(name: string, stage: Stage, value: Fields, context: GuardrailContext): Claim {
  const { blame } = context;
  if (stage === 'plan') return judgePlan(name, value, context);
  if (stage === 'tasks') return judgeTasks(name, value, blame);
  if (stage === 'implement') return judgeConstants(name, value, ['lock_status', 'hook_status'], blame);
  return stage === 'unlock'
    ? judgeConstants(name, value, ['unlock_status'], blame)
    : judgeScenarios(name, value, context);
}

function judgePlan(name: string, value: Fields, { blame, baseline }: GuardrailContext): Claim {
  const status = textAt(value, 'baseline', 'status');
  const mode = textAt(value, 'baseline', 'mode') ?? '';
  const hook = textAt(value, 'hooks', 'session.start');
  const claim = statusClaim(name, 'baseline.status', status, blame);
  if (claim === 'passed' && (mode === 'no-run' || mode === 'skip'))
    blame('passed-without-run', name, `Its baseline passed in mode ${mode}, in which nothing is run.`);
  if (hook === 'ok') blame('constant-field', name, `hooks."session.start" is "ok". ${CONSTANT}`);
  if (baseline !== undefined) judgeBaseline(baseline, status, claim, blame);
  return claim;
}

function judgeBaseline(
  { name, text }: Baseline,
  status: string | undefined,
  claim: Claim,
  blame: Blame,
): void {
  const own = /^- Status: *(\S+)/m.exec(text.slice(0, 65_536))?.[1];
  if (own !== undefined && own !== status)
    blame(
      'baseline-disagrees',
      name,
      `The baseline says ${quoted(own)}, the telemetry ${quoted(status ?? 'nothing')}.`,
    );
  if (claim === 'passed' && /placeholder/i.test(text.slice(0, 65_536)))
    blame('placeholder-baseline', name, 'The baseline calls itself a placeholder: no check ran.');
}

function judgeTasks(name: string, value: Fields, blame: Blame): Claim {
  const status = textAt(value, 'tool', 'status');
  if (status === 'ready') {
    blame('ready-is-no-result', name, `tool.status is "ready". ${CONSTANT}`);
    return 'none';
  }
  return judgeConstants(name, Object(at(value, 'tool')), ['status'], blame);
}

/** Fields that the scripts always wrote the same way: only a failure in them says anything. */
function judgeConstants(name: string, value: Fields, names: readonly string[], blame: Blame): Claim {
  const claim = together(names.map(field => statusClaim(name, field, textAt(value, field), blame)));
  if (claim === 'passed') {
    const seen = names.map(field => `${field} is ${quoted(textAt(value, field) ?? '')}`).join(', ');
    blame('constant-field', name, `${seen}. ${CONSTANT}`);
  }
  return claim;
}

function judgeScenarios(name: string, value: Fields, { blame, captures }: GuardrailContext): Claim {
  const scenarios = listAt(value, 'scenarios');
  if (scenarios.length === 0) blame('field-missing', name, 'It has no scenarios.');
  const claim = together(
    scenarios.map(one => statusClaim(name, 'scenarios[].status', textAt(one, 'status'), blame)),
  );
  const hal = claimOf(at(value, 'hal', 'summary', 'status'));
  if (hal === 'failed' && listAt(value, 'hal', 'summary', 'failed_checks').length === 0)
    blame('cause-missing', name, 'hal.summary failed and names no failed check.');
  if (claim === 'passed' && hal === 'failed')
    blame('contradicts-itself', name, 'Its scenarios passed although its hal.summary failed.');
  if (claim === 'passed') judgeExecuted(name, scenarios, captures, blame);
  return claim;
}

/** A pass needs an executed check with a captured result. */
function judgeExecuted(name: string, scenarios: readonly unknown[], captures: Captures, blame: Blame): void {
  const ran = scenarios.some(one => numberAt(one, 'exitCode') === 0);
  if (captures.size === 0 && !ran) {
    blame(
      'passed-without-capture',
      name,
      'It passed, and no answer or exit code was captured: no check ran.',
    );
    return;
  }
  for (const [capture, shown] of captures)
    if (shown === 'failed' || shown === 'none')
      blame('passed-over-errors', name, `It passed although ${capture} shows an error or nothing.`);
}

function statusClaim(name: string, field: string, status: string | undefined, blame: Blame): Claim {
  const claim = claimOf(status);
  if (claim === 'none')
    blame(
      'unknown-status',
      name,
      status === undefined
        ? `It has no ${field}.`
        : `Its ${field} ${quoted(status)} is no status of the schema.`,
    );
  return claim;
}
