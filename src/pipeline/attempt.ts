import type { AutoAttempt, Halt } from '../../schemas/auto.js';
import type { Check, GuardrailReport } from '../../schemas/guardrail.js';
import type { Stage } from '../../schemas/ids.js';
import { Telemetry } from '../../schemas/telemetry.js';
import { SpecError } from '../errors.js';
import { newestSeq } from '../evidence/ledger.js';
import { MAX_MANIFEST_BYTES } from '../evidence/records.js';
import { runGuardrail } from '../guardrail/run.js';
import type { Call } from '../tool.js';
import type { Workspace } from '../workspace.js';
import type { Stop } from './auto.js';
import { haltFor, secondsLeft } from './auto-budget.js';
import { type Auto, saved } from './auto-state.js';

/** What a try left, before it is judged. */
interface Tried {
  readonly attempt: AutoAttempt;
  readonly findings: Halt['findings'];
  readonly timeUp: boolean;
}

const MOST_RETRIES = 2;
const BACKOFF_MS = [2000, 8000] as const;
const STEPS = 1000;
const SHOWN = 8;
const MESSAGE = 300;

/**
 * A stage, tried again at most twice when all that went wrong may go right by itself: a connection refused while the API
 * starts, a rate limit, an agent that took too long. Every try is on record with a bundle of its own.
 */
export async function tryStage(
  start: Auto,
  stage: Stage,
  kind: AutoAttempt['kind'],
  keep: (auto: Auto) => void,
): Promise<Stop | undefined> {
  let auto = start;
  for (let retries = 0; ; retries++) {
    const why =
      retries === 0
        ? kind === 'recheck'
          ? 'the source changed since it passed'
          : null
        : 'a transient failure';
    const tried = await tryOnce(auto, stage, kind, why, next => {
      auto = next;
      keep(next);
    });
    const stop = judge(auto, stage, tried);
    if (stop === undefined || retries >= MOST_RETRIES || auto.call.signal.aborted || !isTransient(tried))
      return stop;
    await auto.call.progress(
      auto.state.stages.indexOf(stage) * STEPS,
      total(auto),
      `${stage}: once more after a pause`,
    );
    await auto.call.workspace.wait(BACKOFF_MS[retries] ?? 0, auto.call.signal);
  }
}

async function tryOnce(
  auto: Auto,
  stage: Stage,
  kind: AutoAttempt['kind'],
  why: string | null,
  keep: (auto: Auto) => void,
): Promise<Tried> {
  const { workspace } = auto.call;
  const startedAt = workspace.now();
  const open: AutoAttempt = {
    stage,
    kind,
    startedAt: startedAt.toISOString(),
    endedAt: null,
    ledger: newestSeq(workspace.files, auto.root, auto.packet.specId),
    ending: null,
    outcome: null,
    bundle: null,
    verdict: null,
    consensusRun: null,
    paths: [],
    waivers: [],
    spent: { seconds: 0, usd: 0, tokens: 0 },
    why,
  };
  const begun = saved(auto, { ...auto.state, attempts: [...auto.state.attempts, open] });
  keep(begun);
  const close = (part: Partial<AutoAttempt>): AutoAttempt => {
    const endedAt = workspace.now();
    const seconds = Math.max(0, (endedAt.getTime() - startedAt.getTime()) / 1000);
    const attempt = {
      ...open,
      ...part,
      endedAt: endedAt.toISOString(),
      spent: { ...open.spent, ...part.spent, seconds },
    };
    keep(saved(begun, { ...begun.state, attempts: [...auto.state.attempts, attempt] }));
    return attempt;
  };
  return withinTime(begun, stage, async (call, timeUp) => {
    try {
      const report = await guardrailPart(begun, stage, call);
      return {
        attempt: close({ ending: 'ended', ...guardrailFields(report) }),
        findings: findingsOf(workspace, report),
        timeUp: timeUp(),
      };
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      close({ ending: 'error', why: `${error.message} (${error.code})` });
      throw error;
    }
  });
}

function guardrailPart({ packet: { specId } }: Auto, stage: Stage, call: Call): Promise<GuardrailReport> {
  return runGuardrail({ specId, stage, baselineMode: undefined }, call);
}

function guardrailFields({ outcome, bundle, telemetry, waivers }: GuardrailReport): Partial<AutoAttempt> {
  return { outcome, bundle, paths: [telemetry], waivers };
}

/** The call as the stage sees it: its part of the progress, and an end when the seconds of its budget are over. */
async function withinTime<T>(
  auto: Auto,
  stage: Stage,
  work: (call: Call, timeUp: () => boolean) => Promise<T>,
): Promise<T> {
  const { call, state } = auto;
  const seconds = secondsLeft(auto, stage);
  const stop = new AbortController();
  const over = new AbortController();
  let timeUp = false;
  const cancel = () => stop.abort(call.signal.reason);
  if (call.signal.aborted) cancel();
  call.signal.addEventListener('abort', cancel, { once: true });
  if (seconds !== undefined)
    void call.workspace.wait(seconds * 1000, over.signal).then(() => {
      if (over.signal.aborted) return;
      timeUp = true;
      stop.abort(new SpecError('CANCELLED', 'The budget of seconds is used up.'));
    });
  const first = state.stages.indexOf(stage) * STEPS;
  const progress: Call['progress'] = (done, of, message) =>
    call.progress(
      Math.max(0, first) + Math.floor((STEPS * done) / Math.max(1, of)),
      total(auto),
      `${stage}: ${message}`,
    );
  try {
    return await work({ ...call, signal: stop.signal, progress }, () => timeUp);
  } finally {
    over.abort();
    call.signal.removeEventListener('abort', cancel);
  }
}

function total({ state }: Auto): number {
  return state.stages.length * STEPS;
}

/** What kept it from passing, failed checks first: one that is not required and did not run is no reason. */
function findingsOf(workspace: Workspace, { telemetry, checks }: GuardrailReport): Halt['findings'] {
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

function judge(auto: Auto, stage: Stage, { attempt, findings, timeUp }: Tried): Stop | undefined {
  if (timeUp) return { halt: { ...haltFor(auto, stage, stage, 'its seconds are over'), findings } };
  if (auto.call.signal.aborted)
    return { halt: halt(auto, stage, 'CANCELLED', 'The run was cancelled.', findings) };
  if (attempt.outcome === 'passed') return undefined;
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
        : `See to what the findings say, ${first.name} first; commit; then resume.`,
    resume: { tool: 'spec_auto', arguments: { specId: auto.packet.specId, resume: auto.runId } },
  };
}

/** Only when nothing else failed: what fails for a reason of its own fails again. */
function isTransient({ attempt, findings }: Tried): boolean {
  if (attempt.outcome !== 'failed') return false;
  const failed = findings.filter(({ status }) => status === 'failed');
  return (
    failed.length > 0 &&
    failed.every(({ name, message }) => name.startsWith('hal:') && message.includes('ECONNREFUSED'))
  );
}
