import * as z from 'zod';
import { Check, Waiver } from './guardrail.js';
import { HalProfileDigest, HalSummary } from './hal.js';
import { Outcome, SessionId, SpecId } from './ids.js';
import { BaselineMode } from './inputs/checks.js';
import { TelemetryArtifact } from './shared.js';

/** ISO 8601 in UTC, with seconds or milliseconds. */
const Timestamp = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/);
const Digest = z.string().regex(/^[0-9a-f]{64}$/);

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

const tasksFields = {
  command: z.literal('spec-ops-tasks'),
  tool: z.object({ status: z.enum(['ok', 'failed', 'skipped', 'ready']) }),
};

const implementFields = {
  command: z.literal('spec-ops-implement'),
  lock_status: z
    .enum(['locked', 'failed'])
    .describe('locked: when the run ended, its branch and work tree held the lock'),
  hook_status: z
    .enum(['ok', 'failed'])
    .describe('ok: the hook passed, or none is configured, which the check file-hook tells; else failed'),
};

/** A scenario with more to show than its status: a command's exit code and log, a HAL check's capture. */
const Scenario = z.object({
  name: z.string().min(1),
  status: z.enum(['passed', 'failed', 'skipped']),
  durationMs: z.int().optional(),
  exitCode: z.int().nullable().optional(),
  log: z.string().optional(),
  digest: Digest.optional(),
  tests: z.int().optional().describe('Tests that were really executed, read from the report of the command'),
});
export type Scenario = z.output<typeof Scenario>;

const scenarioFields = {
  scenarios: z.array(Scenario).min(1),
  hal: z.object({ summary: HalSummary, profile: HalProfileDigest.optional() }).optional(),
};
const validateFields = { command: z.literal('spec-ops-validate'), ...scenarioFields };
const auditFields = { command: z.literal('spec-ops-audit'), ...scenarioFields };

const unlockFields = {
  command: z.literal('spec-ops-unlock'),
  unlock_status: z.enum(['unlocked', 'failed']),
};

export const PlanTelemetry = z.strictObject({ ...common, ...planFields });
export type PlanTelemetry = z.output<typeof PlanTelemetry>;

/** Telemetry v1 of any stage; `command` tells which. */
export const Telemetry = z.discriminatedUnion('command', [
  PlanTelemetry,
  z.strictObject({ ...common, ...tasksFields }),
  z.strictObject({ ...common, ...implementFields }),
  z.strictObject({ ...common, ...validateFields }),
  z.strictObject({ ...common, ...auditFields }),
  z.strictObject({ ...common, ...unlockFields }),
]);
export type Telemetry = z.output<typeof Telemetry>;

const StageFields = z.discriminatedUnion('command', [
  z.object(planFields),
  z.object(tasksFields),
  z.object(implementFields),
  z.object(validateFields),
  z.object(auditFields),
  z.object(unlockFields),
]);
/** The fields that only telemetry of one stage has. */
export type StageFields = z.output<typeof StageFields>;
