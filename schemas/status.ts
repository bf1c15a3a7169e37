import * as z from 'zod';
import { Outcome, SessionId, SpecId, Stage, Verdict } from './ids.js';
import { RunProgress, RunRecord, RunStatus } from './run.js';
import { AgentRole } from './settings.js';
import { Next } from './shared.js';
import { TrackerRow } from './tracker.js';

export const StageStatus = z.object({
  stage: Stage,
  outcome: Outcome.describe('Recomputed from the checks of the newest bundle, not read from its claim'),
  bundle: z.string(),
  at: z.string(),
  verdict: Verdict.nullable()
    .optional()
    .describe('Of the newest run with agents, computed again; null when its evidence does not hold'),
  outdatedBy: z
    .array(z.string())
    .optional()
    .describe('Documents that are not those the verdict speaks about: it does not count any more'),
  asserted: z
    .array(AgentRole)
    .optional()
    .describe('Roles whose answers the caller handed in; which models gave them is not proven'),
  problem: z.string().optional().describe('Why its evidence does not hold; then it is never passed'),
});
export type StageStatus = z.output<typeof StageStatus>;

export const DocumentStatus = z.object({
  name: z.string(),
  path: z.string(),
  present: z.boolean(),
  bytes: z.int(),
});
export type DocumentStatus = z.output<typeof DocumentStatus>;

export const SpecSummary = z.object({
  specId: SpecId,
  packet: z.string(),
  missing: z.array(z.string()).describe('Documents of the packet that do not exist yet'),
  task: z.string().nullable().describe('Tracker row: task id and status'),
  lastStage: StageStatus.pick({ stage: true, bundle: true, at: true })
    .extend({
      claims: Outcome.describe('What its checks come to; with specId it is verified, here it is not'),
    })
    .nullable(),
});
export type SpecSummary = z.output<typeof SpecSummary>;

export const SpecStatusReport = z.object({
  workspace: z.string(),
  summary: z.string(),
  specs: z.array(SpecSummary).optional().describe('Without specId: every spec'),
  specId: SpecId.optional(),
  packet: z.string().optional(),
  documents: z.array(DocumentStatus).optional(),
  tasks: z.array(TrackerRow).optional().describe('Tracker rows of this spec'),
  stages: z.array(StageStatus).optional(),
  evidence: z
    .object({
      bundles: z.int(),
      bytes: z.int(),
      problem: z.string().optional().describe('What is wrong with the ledger; then no stage is passed'),
    })
    .optional(),
  status: RunStatus.optional().describe('Of the run that was asked for, or that is going on for this spec'),
  runId: SessionId.optional(),
  stage: Stage.nullable().optional().describe('Of the run'),
  progress: RunProgress.nullable().optional(),
  result: RunRecord.shape.result
    .optional()
    .describe('With runId: what the call answers that started the run'),
  failure: RunRecord.shape.failure.optional(),
  resource: z.string().optional(),
  next: Next,
});
export type SpecStatusReport = z.output<typeof SpecStatusReport>;
