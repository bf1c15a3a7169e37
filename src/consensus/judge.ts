import { extractObject } from './extract.js';
import { rejectionReason } from './rejection.js';
import type { Attempt, Seat, StageState } from './state.js';
import { judgeAnswer, judgeEscalation } from './validate-output.js';
import { vocabularyOf } from './vocabulary.js';

/** An answer as far as the run is concerned. */
export interface Judged {
  /** Its JSON object, also of one that does not count; null when there is none in it. */
  readonly output: Record<string, unknown> | null;
  /** Why it does not count; null when it does. */
  readonly failure: Attempt['failure'];
}

/** `answer`: text, or a JSON value that a caller submitted. */
export function judge(state: StageState, { role, again }: Seat, answer: unknown): Judged {
  const { canary } = state;
  const question = { ...vocabularyOf(state, role), agent: role, canary };
  const judgement = again ? judgeEscalation(answer, question) : judgeAnswer(answer, question);
  if (judgement.accepted) return { output: { ...judgement.output }, failure: null };
  const { code, problems, retryText } = judgement;
  return {
    output: objectIn(answer),
    failure: { code, message: rejectionReason(judgement), errors: [...problems], retry: retryText },
  };
}

function objectIn(answer: unknown): Judged['output'] {
  const found = typeof answer === 'string' ? extractObject(answer) : { object: answer };
  return 'object' in found && isRecord(found.object) ? { ...found.object } : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
