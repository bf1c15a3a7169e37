import { redactorOf } from '../evidence/redaction.js';
import type { Workspace } from '../workspace/workspace.js';
import type { AgentAnswer, AgentFailureCode, AgentRequest, Reply } from './agent.js';
import { failedReply } from './agent.js';

/** One question that was sent, and what came back. */
export interface Try extends Reply {
  readonly latencyMs: number;
  /** What the provider asks to wait before the next one. */
  readonly retryAfterMs: number | null;
}

const TRANSIENT: readonly AgentFailureCode[] = ['rate_limited', 'server', 'timeout', 'connection'];
const UNBILLED: readonly AgentFailureCode[] = ['config', 'auth', 'not_found', 'rate_limited', 'server'];
const BACK_OFF_MS = 1000;

/** A provider that wants a longer break than this is left alone. */
const LONGEST_BREAK_MS = 20_000;

/** Tries, and once more after a break when what went wrong may pass. */
export async function tryTwice(
  { wait }: Workspace,
  signal: AbortSignal,
  attempt: () => Promise<Try>,
): Promise<readonly Try[]> {
  const first = await attempt();
  const pause = first.retryAfterMs ?? BACK_OFF_MS;
  const passing = first.failure !== null && TRANSIENT.includes(first.failure.code);
  if (!passing || pause > LONGEST_BREAK_MS) return [first];
  await wait(pause, signal);
  return signal.aborted
    ? [first, { ...CANCELLED, latencyMs: 0, retryAfterMs: null }]
    : [first, await attempt()];
}

export const CANCELLED = failedReply('cancelled', 'The call was cancelled.');

/** What is known of the asked before anything is sent. */
export interface Addressed {
  readonly provider: string;
  readonly modelRequested: string | null;
}

/** The last try is the answer; all of them are kept. */
export function answerOf(
  workspace: Workspace,
  { provider, modelRequested }: Addressed,
  tries: readonly Try[],
): AgentAnswer {
  const redactor = redactorOf(workspace);
  const last = tries.at(-1) ?? { ...CANCELLED, latencyMs: 0 };
  return {
    text: last.text === null ? null : redactor.text(last.text),
    failure: last.failure,
    finish: last.finish,
    provider,
    modelRequested,
    modelServed: last.modelServed === null ? null : redactor.text(last.modelServed),
    requestId: last.requestId === null ? null : redactor.text(last.requestId),
    attempts: tries.map(({ failure, usage, latencyMs }) => ({ failure, usage, latencyMs })),
    reportedCostUsd: reportedCost(tries),
  };
}

/** What was refused is not billed. What broke off may be, and then nobody said what it cost. */
function reportedCost(tries: readonly Try[]): number | null {
  const billed = tries.filter(
    ({ costUsd, failure }) => costUsd !== null || failure === null || !UNBILLED.includes(failure.code),
  );
  return billed.reduce<number | null>(
    (all, { costUsd }) => (all === null || costUsd === null ? null : all + costUsd),
    billed.length === 0 ? null : 0,
  );
}

/** Nothing was sent. */
export function unasked(
  workspace: Workspace,
  addressed: Addressed,
  code: AgentFailureCode,
  message: string,
): AgentAnswer {
  return {
    ...answerOf(workspace, addressed, [{ ...failedReply(code, message), ...NOT_SENT }]),
    attempts: [],
  };
}

const NOT_SENT = { latencyMs: 0, retryAfterMs: null };

export function modelOf({ operator }: Workspace, { role, agent }: Pick<AgentRequest, 'role' | 'agent'>) {
  return operator.variable(`CONSENSUS_MODEL_${role.toUpperCase()}`)?.trim() || agent.model;
}
