import type { GuardrailFact, Synthesis } from '../../schemas/consensus.js';
import type { AgentMetrics, TelemetryV2 } from '../../schemas/telemetry-v2.js';
import { totalOf } from './cost.js';

export interface TelemetryRequest {
  readonly synthesis: Synthesis;
  /** One for each agent that was asked, in the order of the stage. */
  readonly metrics: readonly AgentMetrics[];
  /** Names of the files of the bundle. */
  readonly artifacts: readonly string[];
  readonly notes: readonly string[];
  readonly guardrail: GuardrailFact | null;
}

/**
 * The line of `spec-<stage>_<session>_telemetry.jsonl`. What is not known is null, and so is every total that it belongs to.
 * Latencies of agents add up: they answer one after another.
 */
export function telemetryV2({
  synthesis,
  metrics,
  artifacts,
  notes,
  guardrail,
}: TelemetryRequest): TelemetryV2 {
  const conflicts = synthesis.findings.filter(({ severity }) => severity === 'conflict');
  const tokens = totalOf(metrics.flatMap(({ usage }) => [usage.input, usage.output]));
  const latency = totalOf(metrics.map(({ latency_ms }) => latency_ms));
  const cost = totalOf(metrics.map(({ cost: { usd } }) => usd));
  return {
    schemaVersion: '2.0',
    command: synthesis.stage,
    specId: synthesis.specId,
    sessionId: synthesis.run_id,
    timestamp: synthesis.timestamp,
    artifacts: [...artifacts].sort(),
    notes: [...notes],
    consensus: {
      agents: metrics.map(agentLine),
      disagreement_detected: conflicts.length > 0,
      disagreement_points: conflicts.map(({ detail }) => detail),
      escalation_triggered: synthesis.escalation !== null,
      escalation_reason: synthesis.escalation === null ? null : 'conflict findings',
      synthesis_status: synthesis.status,
      total_tokens: tokens.value,
      total_latency_ms: latency.value,
      total_cost_usd: cost.value,
      complete: tokens.complete && latency.complete && cost.complete,
    },
    quality_metrics: null,
    guardrail,
  };
}

function agentLine(metrics: AgentMetrics): TelemetryV2['consensus']['agents'][number] {
  const { usage } = metrics;
  return {
    agent: metrics.agent,
    model_id: metrics.model_served ?? metrics.model_requested,
    model_release: metrics.model_release,
    reasoning_mode: metrics.reasoning_mode,
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    reasoning_tokens: usage.reasoning,
    latency_ms: metrics.latency_ms,
    cost_usd: metrics.cost.usd,
    cache_hit: usage.cached_input === null ? null : usage.cached_input > 0,
    attempts: metrics.attempts,
    status: metrics.status,
    error: metrics.error,
  };
}
