import * as z from 'zod';
import { LintProfile, TaskStatus } from './inputs/tracker.js';
import { Counts, Finding, Next } from './shared.js';

export const LintReport = z.object({
  workspace: z.string(),
  profile: LintProfile,
  outcome: z.enum(['passed', 'failed']).describe('failed when there is any error'),
  summary: z.string(),
  counts: Counts.extend({ rows: z.int() }),
  findings: z.array(Finding).describe('Errors first, then by file and line'),
  nextCursor: z.string().optional(),
  next: Next,
});
export type LintReport = z.output<typeof LintReport>;

/** One row, as the tracker resources and update_task show it: raw cells by their header, and what they mean. */
export const TrackerRow = z.object({
  taskId: z.string(),
  title: z.string(),
  status: TaskStatus.nullable().describe('null: not one of the five, so unfinished'),
  rawStatus: z.string(),
  line: z.int(),
  cells: z.record(z.string(), z.string()),
});
export type TrackerRow = z.output<typeof TrackerRow>;

export const UpdateTaskResult = z.object({
  workspace: z.string(),
  file: z.string(),
  changed: z.array(z.string()).describe('Headers of the cells that changed; empty when they already said so'),
  before: TrackerRow,
  after: TrackerRow,
  next: Next,
});
export type UpdateTaskResult = z.output<typeof UpdateTaskResult>;
