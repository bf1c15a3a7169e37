import * as z from 'zod';
import { Outcome, SpecId, Stage } from './ids.js';
import { Next } from './shared.js';

/**
 * `not_run`: it could not start, timed out, was cut off, or nothing is configured. `waived`: an operator ordered
 * the skip; recorded under `waivers` and never the same as passed.
 */
export const CheckStatus = z.enum(['passed', 'failed', 'not_run', 'waived']);
export type CheckStatus = z.output<typeof CheckStatus>;

export const Check = z.object({
  name: z.string().describe('Stable id, e.g. clean-tree'),
  status: CheckStatus,
  /** False: it does not count when it did not run (nothing is configured for it). */
  required: z.boolean(),
  message: z.string().describe('What was seen, and what to do when it is not passed'),
  durationMs: z.int(),
  command: z.string().optional().describe('Name of the configured command'),
  exitCode: z.int().nullable().optional(),
  log: z.string().optional().describe('Workspace-relative path of its log'),
  tests: z.int().optional().describe('Tests that were really executed, read from the report of the command'),
});
export type Check = z.output<typeof Check>;

export const Waiver = z.object({ check: z.string(), by: z.string(), reason: z.string() });
export type Waiver = z.output<typeof Waiver>;

export const GuardrailReport = z.object({
  workspace: z.string(),
  specId: SpecId,
  stage: Stage,
  outcome: Outcome,
  summary: z.string(),
  checks: z.array(Check.pick({ name: true, status: true, message: true })),
  waivers: z.array(Waiver),
  omitted: z.int().optional().describe('Checks and waivers left out here; the evidence has all'),
  bundle: z.string().describe('Session id of the evidence bundle'),
  telemetry: z.string().describe('Workspace-relative path'),
  resource: z.string().describe('URI of the bundle manifest'),
  next: Next,
});
export type GuardrailReport = z.output<typeof GuardrailReport>;
