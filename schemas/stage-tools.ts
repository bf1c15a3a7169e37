import * as z from 'zod';
import { Outcome, SpecId, Stage } from './ids.js';
import { AgentRole } from './settings.js';
import { Counts, Finding, Next } from './shared.js';

export const RunVerdict = z.enum(['ok', 'conflict', 'degraded']);

/** Where an agent stands in a run. `invalid`: its answers were refused; `missing`: it gave none. */
const AgentLine = z.object({
  agent: AgentRole,
  mode: z.enum(['client', 'http', 'cli']),
  model: z.string(),
  status: z.enum(['waiting', 'valid', 'invalid', 'missing']),
  attempts: z.int(),
  error: z.string().optional(),
});

const PreflightReport = z.object({
  criteria: z.array(z.string()).describe('Ids of the acceptance criteria'),
  counts: Counts,
  findings: z.array(Finding).describe('The first ones, errors first'),
  receipt: z
    .array(
      z.object({
        name: z.string(),
        sha256: z.string(),
        estTokens: z.int(),
        linesOmitted: z.int(),
        redactions: z.int(),
      }),
    )
    .describe('What the agents are shown'),
  estimate: z.array(
    z.object({
      agent: AgentRole,
      promptTokens: z.int(),
      maxOutputTokens: z.int(),
      usd: z.number().nullable().describe('null: not known'),
    }),
  ),
});

/** What the caller answers next: the prompt is here when it is short, else in the file. */
const Awaiting = z.object({
  agent: AgentRole,
  role: z.string(),
  prompt: z.string().optional(),
  promptPath: z.string(),
  promptUri: z.string(),
  schemaPath: z.string(),
  errors: z.array(z.string()).optional().describe('Why the last answer was refused'),
});

const StageFinding = z.object({
  rule: z.string(),
  severity: z.string(),
  detail: z.string(),
  how_to_clear: z.string(),
});

export const StageReport = z.object({
  workspace: z.string(),
  specId: SpecId,
  stage: Stage,
  status: z
    .enum(['dry_run', 'stopped', 'running', 'awaiting_output', 'done', 'interrupted', 'cancelled'])
    .describe('stopped: the guardrail did not pass, so no agent was asked'),
  verdict: RunVerdict.nullable(),
  summary: z.string(),
  runId: z.string().nullable(),
  guardrail: z.object({ outcome: Outcome, bundle: z.string() }).nullable(),
  preflight: PreflightReport.optional(),
  agents: z.array(AgentLine).optional(),
  awaiting: Awaiting.optional(),
  budgetStop: z
    .enum(['usd', 'seconds', 'tokens'])
    .optional()
    .describe('The budget that would not have lasted for the agents that were not asked'),
  conflicts: z.array(z.string()).optional(),
  findings: z.array(StageFinding).optional().describe('What decided the verdict, worst first'),
  document: z
    .object({
      path: z.string(),
      preview: z.string(),
      /** sha256 of what was there when the run began; null for no file. */
      replaces: z.string().nullable(),
      written: z.boolean(),
      message: z.string(),
    })
    .optional(),
  synthesis: z.string().optional().describe('Workspace-relative path'),
  resource: z.string().optional(),
  next: Next,
});
export type StageReport = z.output<typeof StageReport>;
