import type { StageReport } from '../../schemas/stage-tools.js';
import type { LoadedSettings } from '../settings/load.js';
import type { Prepared } from './begin.js';
import { estimateUsd } from './cost.js';
import { questionFor } from './question.js';
import { promptTokens } from './report.js';
import type { StageState } from './state.js';

/** What an answer that is not there yet may add to the prompts after it, in tokens. */
const EXPECTED_ANSWER = 2_000;

type Estimate = NonNullable<StageReport['preflight']>['estimate'];

/** Tokens and cost of each question as far as they can be told beforehand. */
export function estimateOf({ settings }: LoadedSettings, prepared: Prepared): Estimate {
  const state = asState(prepared);
  return prepared.seats.map((seat, index) => {
    const tokens = promptTokens(questionFor(state, seat)) + index * EXPECTED_ANSWER;
    const maxOutputTokens = settings.agents[seat.role]?.max_output_tokens ?? DEFAULT_OUTPUT;
    // The caller's own model is the caller's own bill.
    const usd =
      seat.mode === 'client' ? null : estimateUsd(seat.model, tokens, maxOutputTokens, settings.prices);
    return { agent: seat.role, promptTokens: tokens, maxOutputTokens, usd };
  });
}

const DEFAULT_OUTPUT = 32_000;

/** For questions that nobody is asked: of no run. */
export function asState(prepared: Prepared | StageState): StageState {
  return {
    runId: '20000101T000000Z-00000000',
    startedAt: '',
    guardrail: { outcome: 'incomplete', bundle: '', resource: '' },
    source: { commit: null, tree: null, branch: null, dirty: null },
    ...prepared,
  };
}
