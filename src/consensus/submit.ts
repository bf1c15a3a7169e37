import type { AgentRole } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import { sha256Of } from '../evidence/digest.js';
import { redactedText, redactorOf } from '../evidence/redaction.js';
import { shownCall, stageCall } from '../pipeline/take-up.js';
import { judge } from './judge.js';
import { questionFor } from './question.js';
import { type Running, turnOf, withAnswer } from './running.js';
import { type Answer, type Attempt, answerOf, type Seat, type StageState } from './state.js';

/** A first answer that does not hold, and one more. */
export const MAX_CONTENT_TRIES = 2;

/**
 * Judges the answer that the caller gives for a role and records it, accepted or not; the second refused one is final.
 * Throws INVALID_ARGUMENT for an agent that has no part, REFUSED out of turn or twice.
 */
export function submit(run: Running, agent: string | undefined, output: unknown): Running {
  const { workspace } = run.call;
  const { state } = run.stored;
  const seat = seatOf(state, agent);
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  const question = questionFor(state, seat);
  const { output: given, failure } = judge(state, seat, output);
  const before = answerOf(state, seat)?.attempts ?? [];
  const redactor = redactorOf(workspace);
  const attempt: Answer['attempts'][number] = {
    at: workspace.now().toISOString(),
    rawSha256: sha256Of(Buffer.from(redactedText(redactor, text))),
    failure,
    usage: null,
    latencyMs: null,
  };
  const attempts = [...before, attempt];
  return withAnswer(run, {
    role: seat.role,
    again: seat.again,
    status: failure === null ? 'valid' : mayTryAgain(attempts) ? 'open' : 'invalid',
    output: given,
    attempts,
    provenance: {
      source: 'client',
      provider: 'client',
      model_requested: null,
      model_served: null,
      request_id: null,
      prompt_sha256: question.promptSha256,
      schema_sha256: question.schemaSha256,
      attempt: attempts.length,
    },
    reportedCostUsd: null,
  });
}

/** After the first refused answer, when another one can be better. */
export function mayTryAgain(attempts: readonly Attempt[]): boolean {
  const refused = attempts.filter(({ rawSha256 }) => rawSha256 !== null);
  return refused.length < MAX_CONTENT_TRIES && attempts.at(-1)?.failure?.retry != null;
}

/** The seat whose turn it is, when it is the one of this agent. */
function seatOf(state: StageState, agent: string | undefined): Seat {
  const turn = turnOf(state);
  if (turn === undefined) throw new TypeError('A run without a turn is finished before anyone is asked.');
  const roles: readonly string[] = state.seats.map(({ role }) => role);
  if (agent === undefined || !roles.includes(agent))
    throw new SpecError(
      'INVALID_ARGUMENT',
      `${agent === undefined ? 'An output needs the agent it is from' : `"${agent}" has no part in the ${state.stage} stage`}: ${roles.join(', ')}. Run ${state.runId} waits for ${turn.role}.`,
    );
  if (agent === turn.role) return clientSeat(turn);
  const answered = state.answers.some(({ role, status }) => role === agent && status !== 'open');
  throw new SpecError(
    'REFUSED',
    `${agent} ${answered ? 'has answered already, and an answer is never replaced' : 'is not the next one to answer'}: run ${state.runId} waits for ${turn.role}. ${call(state, turn.role)}`,
  );
}

function clientSeat(turn: Seat): Seat {
  if (turn.mode === 'client') return turn;
  throw new SpecError(
    'REFUSED',
    `${turn.role} is asked by the server itself (mode "${turn.mode}"), so nobody else may answer for it.`,
  );
}

function call(state: StageState, role: AgentRole): string {
  const { tool, arguments: named } = stageCall(state.specId, state.stage);
  const asks = shownCall({ tool, arguments: { ...named, runId: state.runId } });
  return `${asks} shows the question to ${role}.`;
}
