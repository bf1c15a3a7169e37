import { STAGES, type Stage } from '../../schemas/ids.js';

/** What a file of the origin is, by its name. */
export type OriginFile =
  | { readonly kind: 'guardrail'; readonly stage: Stage; readonly session: string }
  | { readonly kind: 'baseline' | 'log'; readonly session: string }
  | { readonly kind: 'capture'; readonly check: string; readonly session: string }
  | {
      readonly kind: 'agent' | 'metrics';
      readonly stage: Stage;
      readonly session: string;
      readonly agent: string;
    }
  | { readonly kind: 'synthesis' | 'verdict' | 'telemetry'; readonly stage: Stage; readonly session: string }
  | { readonly kind: 'cost'; readonly specId: string }
  | { readonly kind: 'other' };

const STAGE = `(${STAGES.join('|')})`;
/** `2025-10-05T00:22:04Z-26505108`, `2025-10-05T01:18:13Z`, or `20251005T011813Z` of the Rust writer. */
const SESSION = '(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ(?:-\\d{1,10})?|\\d{8}T\\d{6}Z)';
const AGENT = '([a-z][a-z0-9_-]{0,39})';

const GUARDRAIL = new RegExp(`^spec-${STAGE}_${SESSION}\\.json$`);
const LOG = new RegExp(`^spec-${STAGE}_${SESSION}\\.log$`);
const BASELINE = new RegExp(`^baseline_${SESSION}\\.md$`);
const CAPTURE = /^(\d{8}[-T]\d{6}Z)-hal-([a-z0-9_-]{1,64})\.(?:json|txt)$/;
/** Older and newest writers name no session: `spec-plan_gemini.json`, `plan_synthesis.json`. */
const CONSENSUS = new RegExp(`^(?:spec-)?${STAGE}(?:_${SESSION})?_${AGENT}\\.(jsonl?)$`);
const VERDICT = new RegExp(`^${SESSION}-spec-${STAGE}\\.json$`);
const COST = /^([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+)_cost_summary\.json$/;

/** Fixed names have the session ''. */
export function originFile(name: string): OriginFile {
  return guardrailFile(name) ?? consensusFile(name) ?? costFile(name);
}

function guardrailFile(name: string): OriginFile | undefined {
  const [, stage, session] = GUARDRAIL.exec(name) ?? [];
  const known = stageOf(stage);
  if (known !== undefined && session !== undefined) return { kind: 'guardrail', stage: known, session };
  const [, , logged] = LOG.exec(name) ?? [];
  if (logged !== undefined) return { kind: 'log', session: logged };
  const [, baseline] = BASELINE.exec(name) ?? [];
  if (baseline !== undefined) return { kind: 'baseline', session: baseline };
  const [, taken, check] = CAPTURE.exec(name) ?? [];
  return taken !== undefined && check !== undefined ? { kind: 'capture', check, session: taken } : undefined;
}

function consensusFile(name: string): OriginFile | undefined {
  const [, recorded, of] = VERDICT.exec(name) ?? [];
  const judged = stageOf(of);
  if (judged !== undefined && recorded !== undefined)
    return { kind: 'verdict', stage: judged, session: recorded };
  const [, named, session = '', what = '', ending] = CONSENSUS.exec(name) ?? [];
  const stage = stageOf(named);
  if (stage === undefined) return undefined;
  if (ending === 'jsonl') return what === 'telemetry' ? { kind: 'telemetry', stage, session } : undefined;
  if (what === 'synthesis' || what === 'verdict') return { kind: what, stage, session };
  const agent = /^(.+)_metrics$/.exec(what)?.[1];
  return agent === undefined
    ? { kind: 'agent', stage, session, agent: what }
    : { kind: 'metrics', stage, session, agent };
}

function costFile(name: string): OriginFile {
  const specId = COST.exec(name)?.[1];
  return specId === undefined ? { kind: 'other' } : { kind: 'cost', specId };
}

function stageOf(text: string | undefined): Stage | undefined {
  return STAGES.find(stage => stage === text);
}

/** The moment in a session id as `20251005T002204Z`, whatever the writer; '' for a fixed name. */
export function momentOf(session: string): string {
  const [, date = '', time = ''] = /^([\d-]{8,10})[-T](\d\d:?\d\d:?\d\d)Z/.exec(session) ?? [];
  return date === '' ? '' : `${date.replaceAll('-', '')}T${time.replaceAll(':', '')}Z`;
}

/** Milliseconds since 1970 of a moment or an ISO time; NaN for anything else. */
export function timeOf(text: string): number {
  const moment = /^(\d{4})(\d\d)(\d\d)[-T](\d\d)(\d\d)(\d\d)Z/.exec(text);
  if (moment === null)
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) ? Date.parse(text.slice(0, 20)) : Number.NaN;
  const [, year, month, day, hour, minute, second] = moment;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
