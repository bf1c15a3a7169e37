import * as z from 'zod';
import { BaselineMode, Check, Waiver } from './guardrail.js';
import { Outcome, SessionId, SpecId } from './ids.js';

/** ISO 8601 in UTC, with seconds or milliseconds. */
const Timestamp = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/);
const Digest = z.string().regex(/^[0-9a-f]{64}$/);

export const TelemetryArtifact = z.object({ path: z.string().min(1), digest: Digest });

const Tool = z.object({ name: z.string(), version: z.string() });

/**
 * Telemetry schema v1: one file per guardrail run, `commands/<SPEC-ID>/spec-<stage>_<session>.json`.
 * The first six fields and the stage fields are the origin's format; the rest is ours.
 */
const common = {
  schemaVersion: z.literal(1),
  specId: SpecId,
  sessionId: SessionId,
  timestamp: Timestamp,
  artifacts: z.array(TelemetryArtifact).min(1),
  outcome: Outcome,
  checks: z.array(Check),
  waivers: z.array(Waiver),
  git: z.object({
    commit: z.string().nullable(),
    tree: z.string().nullable(),
    branch: z.string().nullable(),
    dirty: z.boolean(),
  }),
  configDigest: Digest.nullable().describe('sha256 of spec-kit.toml; null when there is none'),
  durationMs: z.int(),
  tool: Tool,
};

const planFields = {
  command: z.literal('spec-ops-plan'),
  baseline: z.object({
    mode: BaselineMode,
    artifact: z.string().min(1),
    status: z.enum(['passed', 'failed', 'skipped']),
  }),
  hooks: z.object({ 'session.start': z.enum(['ok', 'failed', 'skipped']) }),
};

export const PlanTelemetry = z.strictObject({ ...common, ...planFields });
export type PlanTelemetry = z.output<typeof PlanTelemetry>;

/** Telemetry v1 of any stage; `command` tells which. */
export const Telemetry = z.discriminatedUnion('command', [PlanTelemetry]);
export type Telemetry = z.output<typeof Telemetry>;

const StageFields = z.discriminatedUnion('command', [z.object(planFields)]);
/** The fields that only telemetry of one stage has. */
export type StageFields = z.output<typeof StageFields>;
