import type { Budget } from '../../schemas/settings.js';
import { costOf, estimateUsd, totalOf } from './cost.js';
import { unaskedProvenance } from './evidence-files.js';
import { reportedUsd } from './metrics.js';
import { questionFor } from './question.js';
import { promptTokens } from './report.js';
import { type Running, withAnswer, withState } from './running.js';
import type { Answer, Seat, StageState } from './state.js';

type Limit = NonNullable<StageState['budgetStop']>;

/** Without a budget of the person's, a run stops before a dollar, as far as prices are known. */
const DEFAULT_USD = 1;
const DEFAULT_OUTPUT = 32_000;

/** What a run has taken so far; null: not known. */
interface Spent {
  readonly usd: number | null;
  readonly tokens: number | null;
  readonly seconds: number;
}

/**
 * The run with the seat given up because asking it could exceed a budget; undefined when it may be asked. The most that the
 * call can take counts, and what cannot be known keeps no budget that a person set.
 */
export function stoppedByBudget(run: Running, seat: Seat): Running | undefined {
  const { state } = run.stored;
  const limit = state.budgetStop ?? exceeded(run, seat);
  if (limit === undefined) return undefined;
  return withAnswer(withState(run, { ...state, budgetStop: limit }), unasked(state, seat));
}

function exceeded({ loaded, stored, left }: Running, seat: Seat): Limit | undefined {
  const { state } = stored;
  const { settings } = loaded;
  const budget: Budget = settings.budgets[state.stage] ?? {};
  const spent = spentOf(state, settings.prices);
  const tokens = promptTokens(questionFor(state, seat));
  const output = settings.agents[seat.role]?.max_output_tokens ?? DEFAULT_OUTPUT;
  const usd = sum(spent.usd, estimateUsd(seat.model, tokens, output, settings.prices));
  if (budget.seconds !== undefined && spent.seconds >= budget.seconds) return 'seconds';
  const mostTokens = sum(spent.tokens, tokens + output);
  if (isOver(mostTokens, budget.tokens) || isOver(mostTokens, left.tokens)) return 'tokens';
  return isDear(usd, [budget.usd, left.usd]) ? 'usd' : undefined;
}

function isDear(usd: number | null, limits: readonly (number | undefined)[]): boolean {
  if (limits.some(limit => limit !== undefined)) return limits.some(limit => isOver(usd, limit));
  return usd !== null && usd > DEFAULT_USD;
}

function isOver(most: number | null, limit: number | undefined): boolean {
  return limit !== undefined && (most === null || most > limit);
}

function spentOf({ answers, seats }: StageState, prices: Running['loaded']['settings']['prices']): Spent {
  // By their seats: over a restart the answers of agents that were asked become the caller's word, and still cost what they did.
  const asked = answers.filter(({ role }) =>
    seats.some(seat => seat.role === role && seat.mode !== 'client'),
  );
  const attempts = asked.flatMap(answer => answer.attempts);
  const costs = asked
    .filter(answer => answer.attempts.length > 0)
    .map(answer => {
      const { model_served, model_requested } = answer.provenance;
      const usages = answer.attempts.map(({ usage }) => usage);
      return costOf(model_served ?? model_requested, usages, reportedUsd([answer]), prices).usd;
    });
  return {
    usd: totalOf(costs).value,
    tokens: totalOf(attempts.flatMap(({ usage }) => [usage?.input ?? null, usage?.output ?? null])).value,
    seconds: attempts.reduce((total, { latencyMs }) => total + (latencyMs ?? 0), 0) / 1000,
  };
}

function sum(before: number | null, more: number | null): number | null {
  return before === null || more === null ? null : before + more;
}

function unasked(state: StageState, seat: Seat): Answer {
  return {
    role: seat.role,
    again: seat.again,
    status: 'missing',
    output: null,
    attempts: [],
    provenance: unaskedProvenance(state, seat),
    reportedCostUsd: null,
  };
}
