import type { AgentEvidence } from '../../schemas/consensus.js';
import type { Settings } from '../../schemas/settings.js';
import type { AgentMetrics } from '../../schemas/telemetry-v2.js';
import { costOf } from './cost.js';
import type { Answer, Seat, StageState } from './state.js';
import { sumUsage } from './usage.js';

const STATUS = { valid: 'ok', invalid: 'invalid', missing: 'failed', open: 'failed' } as const;

/** What the agent of a seat took, all its attempts together, the arbiter's second question among them. Unknown is null. */
export function metricsOf(
  state: StageState,
  seat: Seat,
  { provenance, self_reported, error }: AgentEvidence,
  prices: Settings['prices'],
): AgentMetrics {
  const answers = state.answers.filter(({ role }) => role === seat.role);
  const attempts = answers.flatMap(answer => answer.attempts);
  const own = answers.find(({ again }) => !again);
  const client = seat.mode === 'client';
  const usage = sumUsage(attempts.map(attempt => attempt.usage));
  return {
    schemaVersion: 1,
    agent: seat.role,
    run_id: state.runId,
    source: provenance.source,
    provider: provenance.provider,
    model_requested: provenance.model_requested,
    model_served: provenance.model_served,
    model_release: client ? self_reported.model_release : seat.release,
    reasoning_mode: client ? self_reported.reasoning_mode : seat.reasoning,
    usage: {
      input: usage.input,
      cached_input: usage.cachedInput,
      cache_write: usage.cacheWrite,
      output: usage.output,
      reasoning: usage.reasoning,
    },
    latency_ms: latencyOf(attempts),
    queue_ms: null,
    attempts: attempts.length,
    cost: costOf(
      provenance.model_served ?? provenance.model_requested,
      attempts.map(attempt => attempt.usage),
      reportedUsd(answers),
      prices,
    ),
    status: own === undefined ? 'failed' : STATUS[own.status],
    error: error?.message ?? null,
  };
}

function latencyOf(attempts: Answer['attempts']): number | null {
  const known = attempts.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]));
  if (attempts.length === 0 || known.length < attempts.length) return null;
  return Math.round(known.reduce((sum, each) => sum + each, 0));
}

/** Null when one of the answers has no cost of its provider. */
export function reportedUsd(answers: readonly Answer[]): number | null {
  const known = answers.flatMap(({ reportedCostUsd }) => (reportedCostUsd === null ? [] : [reportedCostUsd]));
  return answers.length === 0 || known.length < answers.length
    ? null
    : known.reduce((sum, each) => sum + each, 0);
}
