import type { AgentAnswer } from '../agents/agent.js';
import { askAgent } from '../agents/ask.js';
import { SpecError } from '../errors.js';
import { sha256Of } from '../evidence/digest.js';
import { type Judged, judge } from './judge.js';
import { playersOf } from './players.js';
import { type Question, questionFor } from './question.js';
import { type Running, withAnswer } from './running.js';
import { type Answer, type Attempt, answerOf, type Seat } from './state.js';
import { mayTryAgain } from './submit.js';

/** Asks the agent of a seat, once more when its answer does not hold, and records what came. */
export async function askSeat(run: Running, seat: Seat): Promise<Running> {
  const question = questionFor(run.stored.state, seat);
  let now = run;
  for (;;) {
    const last = answerOf(now.stored.state, seat);
    const retry = last?.attempts.at(-1)?.failure?.retry ?? null;
    const asked = retry === null ? question : { ...question, prompt: `${question.prompt}\n\n${retry}` };
    const answer = await ask(now, seat, asked);
    const recorded = record(now, seat, question, answer, judgedAnswer(now, seat, answer), last);
    now = withAnswer(now, recorded);
    if (recorded.status !== 'open') return now;
  }
}

async function ask(
  { call, loaded }: Running,
  seat: Seat,
  { system, prompt, schema }: Question,
): Promise<AgentAnswer> {
  const player = playersOf(call.workspace, loaded.settings, 'implement').find(
    ({ role }) => role === seat.role,
  );
  if (player === undefined) throw new TypeError(`No player for ${seat.role}.`);
  const answer = await askAgent(call.workspace, {
    role: seat.role,
    agent: player.agent,
    system,
    prompt,
    schema,
    configDigest: loaded.digest,
    signal: call.signal,
  });
  if (answer.failure?.code === 'cancelled')
    throw new SpecError(
      'CANCELLED',
      `The run was cancelled while ${seat.role} was asked. Nothing was decided.`,
    );
  return answer;
}

function judgedAnswer({ stored }: Running, seat: Seat, { text, failure }: AgentAnswer): Judged {
  if (failure !== null || text === null)
    return {
      output: null,
      failure: {
        code: failure?.code ?? 'empty',
        message: failure?.message ?? 'There is no answer.',
        errors: [],
        retry: null,
      },
    };
  return judge(stored.state, seat, text);
}

function record(
  { call }: Running,
  { role, again, mode }: Seat,
  { promptSha256, schemaSha256 }: Question,
  answer: AgentAnswer,
  { output, failure }: Judged,
  last: Answer | undefined,
): Answer {
  const at = call.workspace.now().toISOString();
  const failed = answer.attempts.slice(0, -1).map(
    (each): Attempt => ({
      at,
      rawSha256: null,
      failure: each.failure === null ? null : { ...each.failure, errors: [], retry: null },
      usage: each.usage,
      latencyMs: each.latencyMs,
    }),
  );
  const end = answer.attempts.at(-1);
  const attempts = [
    ...(last?.attempts ?? []),
    ...failed,
    {
      at,
      rawSha256: answer.text === null ? null : sha256Of(Buffer.from(answer.text)),
      failure,
      usage: end?.usage ?? null,
      latencyMs: end?.latencyMs ?? null,
    },
  ];
  return {
    role,
    again,
    status: statusOf(failure, answer, attempts),
    output,
    attempts,
    provenance: {
      source: mode,
      provider: answer.provider,
      model_requested: answer.modelRequested,
      model_served: answer.modelServed,
      request_id: answer.requestId,
      prompt_sha256: promptSha256,
      schema_sha256: schemaSha256,
      attempt: attempts.length,
    },
    reportedCostUsd: added(last?.reportedCostUsd, answer.reportedCostUsd),
  };
}

/** Of all tries; not known when it is not known of one. */
function added(before: number | null | undefined, now: number | null): number | null {
  if (before === undefined) return now;
  return before === null || now === null ? null : before + now;
}

function statusOf(
  failure: Judged['failure'],
  { text }: AgentAnswer,
  attempts: readonly Attempt[],
): Answer['status'] {
  if (failure === null) return 'valid';
  if (text === null) return 'missing';
  return mayTryAgain(attempts) ? 'open' : 'invalid';
}
