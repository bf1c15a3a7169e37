import * as z from 'zod';
import { GuardrailFact, Source, Verdict } from './consensus.js';
import { SessionId, SpecId } from './ids.js';
import { AgentRole } from './settings.js';

const Instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/);
const Tokens = z.int().min(0).nullable();
const Text = z.string();

/** Tokens as a provider reported them; `input` includes cached, `output` includes reasoning. Null: not reported, never 0. */
export const TokenUsage = z.strictObject({
  input: Tokens,
  cached_input: Tokens,
  cache_write: Tokens,
  output: Tokens,
  reasoning: Tokens,
});
export type TokenUsage = z.output<typeof TokenUsage>;

export const Cost = z.strictObject({
  usd: z.number().min(0).nullable(),
  source: z.enum(['provider', 'settings', 'table', 'none']),
  /** Date of the built-in table when it was used. */
  table_version: Text.nullable(),
  /** False when a part of the usage had no price of its own, or an attempt no usage. */
  exact: z.boolean(),
});
export type Cost = z.output<typeof Cost>;

/** `spec-<stage>_<session>_<agent>_metrics.json`: all attempts of one agent together. */
export const AgentMetrics = z.strictObject({
  schemaVersion: z.literal(1),
  agent: AgentRole,
  run_id: SessionId,
  source: Source,
  provider: Text,
  model_requested: Text.nullable(),
  model_served: Text.nullable(),
  model_release: Text.nullable(),
  reasoning_mode: Text.nullable(),
  usage: TokenUsage,
  latency_ms: z.int().min(0).nullable(),
  queue_ms: z.int().min(0).nullable(),
  attempts: z.int().min(0),
  cost: Cost,
  status: z.enum(['ok', 'invalid', 'failed']),
  error: Text.nullable(),
});
export type AgentMetrics = z.output<typeof AgentMetrics>;

const TelemetryAgent = z.strictObject({
  agent: AgentRole,
  model_id: Text.nullable(),
  model_release: Text.nullable(),
  reasoning_mode: Text.nullable(),
  prompt_tokens: Tokens,
  completion_tokens: Tokens,
  reasoning_tokens: Tokens,
  latency_ms: z.int().min(0).nullable(),
  cost_usd: z.number().min(0).nullable(),
  cache_hit: z.boolean().nullable(),
  attempts: z.int().min(0),
  status: z.enum(['ok', 'invalid', 'failed']),
  error: Text.nullable(),
});

/** One line of `spec-<stage>_<session>_telemetry.jsonl`: schema v2 of the origin, unknown is null. */
export const TelemetryV2 = z.strictObject({
  schemaVersion: z.literal('2.0'),
  /** Such as "spec-plan". */
  command: z.string().regex(/^spec-(plan|tasks|implement|validate|audit|unlock)$/),
  specId: SpecId,
  sessionId: SessionId,
  timestamp: Instant,
  /** Names of the files of the bundle. */
  artifacts: z.array(Text),
  notes: z.array(Text),
  consensus: z.strictObject({
    agents: z.array(TelemetryAgent),
    disagreement_detected: z.boolean(),
    disagreement_points: z.array(Text),
    escalation_triggered: z.boolean(),
    escalation_reason: Text.nullable(),
    synthesis_status: Verdict,
    /** Null when a part of it is not known. */
    total_tokens: Tokens,
    total_latency_ms: z.int().min(0).nullable(),
    total_cost_usd: z.number().min(0).nullable(),
    /** False when a total is null because a part of it is. */
    complete: z.boolean(),
  }),
  quality_metrics: z
    .strictObject({
      automated_checks_passed: z.int(),
      automated_checks_failed: z.int(),
      human_review_score: z.number().nullable(),
      completeness_score: z.number().nullable(),
    })
    .nullable(),
  guardrail: GuardrailFact.nullable(),
});
export type TelemetryV2 = z.output<typeof TelemetryV2>;
