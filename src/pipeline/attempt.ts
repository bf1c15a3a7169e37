import type { AutoAttempt } from '../../schemas/auto.js';
import type { GuardrailReport } from '../../schemas/guardrail.js';
import type { Stage } from '../../schemas/ids.js';
import { SpecError } from '../errors.js';
import { newestSeq } from '../evidence/ledger.js';
import { runGuardrail } from '../guardrail/run.js';
import type { Call } from '../tool.js';
import type { Stop } from './auto.js';
import { secondsLeft } from './auto-budget.js';
import { type Auto, saved } from './auto-state.js';
import { type Agreed, askAgents } from './consensus-part.js';
import { findingsOf, isTransient, judge, type Tried } from './judge-try.js';

/** A stage with all it has, its guardrail alone, or its agents alone, whose guardrail passed before. */
export type Part = AutoAttempt['kind'] | 'agents';

const MOST_RETRIES = 2;
const BACKOFF_MS = [2000, 8000] as const;
const STEPS = 1000;

/**
 * A stage, tried again at most twice when all that went wrong may go right by itself: a connection refused while the API
 * starts, a rate limit, an agent that took too long. Every try is on record with a bundle of its own.
 */
export async function tryStage(
  start: Auto,
  stage: Stage,
  kind: Part,
  keep: (auto: Auto) => void,
): Promise<Stop | undefined> {
  let auto = start;
  const take = (next: Auto) => {
    auto = next;
    keep(next);
  };
  for (let retries = 0; ; retries++) {
    const tried = await makeTry(auto, stage, kind, retries, take);
    const stop = judge(auto, stage, tried);
    if (stop === undefined || retries >= MOST_RETRIES || !isTransient(tried)) return stop;
    if (!(await paused(auto, stage, BACKOFF_MS[retries] ?? 0))) return stop;
  }
}

function makeTry(
  auto: Auto,
  stage: Stage,
  kind: Part,
  retries: number,
  keep: (auto: Auto) => void,
): Promise<Tried> {
  if (kind === 'agents' && retries === 0) return goOn(auto, stage, keep);
  return tryOnce(auto, stage, kind === 'recheck' ? kind : 'stage', reasonFor(kind, retries), keep);
}

function reasonFor(kind: Part, retries: number): string | null {
  if (retries > 0) return 'a transient failure';
  return kind === 'recheck' ? 'what it stood for changed since it passed' : null;
}

/** False when the run was cancelled meanwhile. */
async function paused(auto: Auto, stage: Stage, ms: number): Promise<boolean> {
  const { workspace, signal, progress } = auto.call;
  const at = Math.max(0, auto.state.stages.indexOf(stage)) * STEPS;
  await progress(at, total(auto), `${stage}: once more after a pause`);
  await workspace.wait(ms, signal);
  return !signal.aborted;
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
  return withinTime(begun, stage, (call, timeUp) =>
    recorded(begun, open, keep, async note => {
      const report = await guardrailPart(begun, stage, call);
      const passed = note(guardrailFields(report));
      const findings = findingsOf(workspace, report);
      if (report.outcome !== 'passed' || kind === 'recheck' || begun.state.skipConsensus)
        return { attempt: passed, findings, timeUp: timeUp(), waitsFor: undefined, budgetStop: undefined };
      return agreed(passed, await askAgents(begun, stage, call, { guardrail: report }), timeUp());
    }),
  );
}

/** The agents of a try whose guardrail passed before its process died or its caller was asked. */
function goOn(auto: Auto, stage: Stage, keep: (auto: Auto) => void): Promise<Tried> {
  const open = auto.state.attempts.findLast(each => each.stage === stage && each.kind === 'stage');
  const consensusRun = open?.consensusRun ?? null;
  if (open === undefined || consensusRun === null) throw new TypeError('There are no agents to go on with.');
  const rest = {
    ...auto,
    state: { ...auto.state, attempts: auto.state.attempts.filter(each => each !== open) },
  };
  const begun = { ...rest, state: { ...rest.state, attempts: [...rest.state.attempts, open] } };
  return withinTime(begun, stage, (call, timeUp) =>
    recorded(begun, open, keep, async () =>
      agreed(open, await askAgents(begun, stage, call, { consensusRun }), timeUp()),
    ),
  );
}

function agreed(
  attempt: AutoAttempt,
  { fields, findings, waitsFor, budgetStop }: Agreed,
  timeUp: boolean,
): Tried {
  const { cost, paths, ...rest } = fields;
  return {
    attempt: {
      ...attempt,
      ...rest,
      paths: [...attempt.paths, ...paths],
      spent: { ...attempt.spent, ...cost },
    },
    findings,
    timeUp,
    waitsFor,
    budgetStop,
  };
}

/** Keeps the newest try on record: what is known of it in between, and how it ended. */
async function recorded(
  begun: Auto,
  open: AutoAttempt,
  keep: (auto: Auto) => void,
  work: (note: (part: Partial<AutoAttempt>) => AutoAttempt) => Promise<Tried>,
): Promise<Tried> {
  const { workspace } = begun.call;
  const startMs = workspace.now().getTime();
  let latest = open;
  const write = (attempt: AutoAttempt): AutoAttempt => {
    const seconds = open.spent.seconds + Math.max(0, (workspace.now().getTime() - startMs) / 1000);
    latest = { ...attempt, spent: { ...attempt.spent, seconds } };
    keep(saved(begun, { ...begun.state, attempts: [...begun.state.attempts.slice(0, -1), latest] }));
    return latest;
  };
  const ended = () => workspace.now().toISOString();
  try {
    const tried = await work(part => write({ ...latest, ...part }));
    return { ...tried, attempt: write({ ...tried.attempt, endedAt: ended(), ending: 'ended' }) };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    write({ ...latest, endedAt: ended(), ending: 'error', why: `${error.message} (${error.code})` });
    throw error;
  }
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
    // The stage is a part of this run, whose id its caller has already.
    const { recordedAs: _, ...rest } = call;
    return await work({ ...rest, signal: stop.signal, progress }, () => timeUp);
  } finally {
    over.abort();
    call.signal.removeEventListener('abort', cancel);
  }
}

function total({ state }: Auto): number {
  return state.stages.length * STEPS;
}
