import * as z from 'zod';
import { SpecId, TaskId } from '../ids.js';
import { workspaceInput } from './shared.js';

export const STATUSES = ['Backlog', 'In Progress', 'In Review', 'Blocked', 'Done'] as const;
export const TaskStatus = z.enum(STATUSES);
export type TaskStatus = z.output<typeof TaskStatus>;

export const LintProfile = z.enum(['strict', 'origin']);
export type LintProfile = z.output<typeof LintProfile>;

export const LintTasksInput = z.strictObject({
  specId: SpecId.optional().describe(
    'Lint this spec: its packet documents and tracker rows. Default: the whole tracker and all packets',
  ),
  path: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe('Another tracker file, relative to the workspace root. Default: SPEC.md'),
  profile: LintProfile.default('strict').describe(
    'strict (default): all rules. origin: the old lint_tasks.py verdict only',
  ),
  limit: z.int().min(1).max(50).default(8).describe('Findings per page, 1 to 50, default 8'),
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, 'must be the nextCursor of the page before')
    .optional()
    .describe('nextCursor of the page before'),
  ...workspaceInput,
});
export type LintTasksInput = z.output<typeof LintTasksInput>;

const cell = (max: number) => z.string().max(max);

export const UpdateTaskInput = z.strictObject({
  taskId: TaskId,
  status: TaskStatus.optional().describe(
    'Backlog, In Progress, In Review, Blocked or Done. Needs note or evidence; Done needs evidence that exists',
  ),
  evidence: cell(1024).optional().describe('Evidence path, relative to the workspace root'),
  note: cell(2000).optional().describe('Appended to Notes with the date'),
  lastValidation: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date, YYYY-MM-DD')
    .optional()
    .describe('Date of the last validation, YYYY-MM-DD'),
  branch: cell(200).optional().describe('Branch name, no spaces'),
  pr: cell(200).optional().describe('Pull request number or URL'),
  ...workspaceInput,
});
export type UpdateTaskInput = z.output<typeof UpdateTaskInput>;
