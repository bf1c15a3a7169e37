import * as z from 'zod';
import { Waiver } from './guardrail.js';
import { Outcome, SessionId, SpecId, Stage } from './ids.js';
import { RunStatus } from './run.js';
import { AgentRole } from './settings.js';
import { Next } from './shared.js';

export const Verdict = z.enum(['ok', 'conflict', 'degraded']);
export type Verdict = z.output<typeof Verdict>;

const Spent = z.object({
  seconds: z.number(),
  usd: z.number().nullable().describe('null: not known'),
  tokens: z.int().nullable(),
});
export type Spent = z.output<typeof Spent>;

/** One try of one stage, on record before it starts. */
export const AutoAttempt = z.object({
  stage: Stage,
  /** `recheck`: the guardrail alone, again, because the source moved on since the stage passed. */
  kind: z.enum(['stage', 'recheck']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  /** Newest ledger record before it: what it recorded comes after. */
  ledger: z.int(),
  /** `interrupted`: its process died before it recorded anything. */
  ending: z.enum(['ended', 'error', 'interrupted']).nullable(),
  outcome: Outcome.nullable(),
  bundle: SessionId.nullable(),
  verdict: Verdict.nullable(),
  consensusRun: SessionId.nullable(),
  paths: z.array(z.string()),
  waivers: z.array(Waiver),
  spent: Spent,
  why: z.string().nullable().describe('Why it was made again, or how it went wrong'),
});
export type AutoAttempt = z.output<typeof AutoAttempt>;

/** `state` of the record of a run of kind auto. */
export const AutoState = z.object({
  stages: z.array(Stage).min(1),
  skipConsensus: z.boolean(),
  goal: z.string().nullable(),
  /** The stop for the implementation was made; it is made once. */
  stopped: z.boolean(),
  attempts: z.array(AutoAttempt),
});
export type AutoState = z.output<typeof AutoState>;

const Halt = z.object({
  stage: Stage,
  reason: z.string(),
  code: z.string(),
  findings: z.array(z.object({ name: z.string(), status: z.string(), message: z.string() })),
  fix: z.string(),
  resume: Next,
});
export type Halt = z.output<typeof Halt>;

export const AutoReport = z.object({
  workspace: z.string(),
  specId: SpecId,
  runId: SessionId,
  status: RunStatus,
  outcome: Outcome.describe('passed: every stage of this run passed; incomplete: it stopped before the end'),
  summary: z.string(),
  stages: z.array(
    z.object({
      stage: Stage,
      outcome: Outcome.nullable().describe('null: not reached'),
      verdict: Verdict.nullable(),
      asserted: z
        .array(AgentRole)
        .optional()
        .describe('Roles whose answers the caller handed in; which models gave them is not proven'),
      tries: z.int(),
      bundle: SessionId.nullable(),
    }),
  ),
  halt: Halt.nullable(),
  needs: z.enum(['implementation', 'answers']).nullable(),
  waivers: z.array(Waiver.extend({ stage: Stage })),
  spent: Spent,
  resource: z.string(),
  next: Next,
});
export type AutoReport = z.output<typeof AutoReport>;
