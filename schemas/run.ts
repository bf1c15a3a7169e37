import * as z from 'zod';
import { SessionId, SpecId, Stage } from './ids.js';
import { Next } from './shared.js';

/** `awaiting_output`: it waits for its caller's next call and belongs to no process, so it survives restarts. */
export const RunStatus = z.enum(['running', 'awaiting_output', 'done', 'interrupted', 'cancelled']);
export type RunStatus = z.output<typeof RunStatus>;

/** One process for as long as it lives. `pidStart`: clock ticks since boot at its start, 0 where the system does not tell. */
export const ProcessOwner = z.object({
  host: z.string().max(256),
  pid: z.int().positive(),
  pidStart: z.int().min(0),
});
export type ProcessOwner = z.output<typeof ProcessOwner>;

export const RunProgress = z.object({ done: z.number(), total: z.number(), message: z.string() });
export type RunProgress = z.output<typeof RunProgress>;

const Json = z.record(z.string(), z.unknown());

/** `runs/<runId>.json`: where a long call stands and what came of it. A claim, never evidence: no gate reads it. */
export const RunRecord = z.object({
  v: z.literal(1),
  runId: SessionId,
  kind: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,31}$/)
    .describe('What runs: guardrail, stage, auto, hal'),
  specId: SpecId,
  stage: Stage.nullable(),
  parent: SessionId.nullable().describe('The run that started this one as a part of itself'),
  status: RunStatus,
  owner: ProcessOwner.nullable().describe('The process that works on it; null when none does'),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  progress: RunProgress.nullable(),
  result: Json.nullable().describe('The answer of the call, once it is done'),
  failure: z.object({ code: z.string(), message: z.string() }).nullable().describe('Why there is no answer'),
  state: Json.describe('What its kind needs to go on'),
});
export type RunRecord = z.output<typeof RunRecord>;

/** What a long call answers when its caller has waited long enough: it goes on under `runId`. */
export const RunningReport = z.object({
  workspace: z.string(),
  status: RunStatus,
  runId: SessionId,
  specId: SpecId,
  stage: Stage.nullable(),
  summary: z.string(),
  progress: RunProgress.nullable(),
  resource: z.string().describe('URI that announces changes of the run'),
  next: Next,
});
export type RunningReport = z.output<typeof RunningReport>;
