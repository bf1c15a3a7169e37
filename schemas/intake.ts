import * as z from 'zod';
import { SpecId } from './ids.js';
import { Next, workspaceInput } from './shared.js';

export const NewSpecInput = z.strictObject({
  title: z.string().min(1).max(20_000).describe('One line; a long one is shortened in headings'),
  area: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]{0,15}$/)
    .optional()
    .describe('Middle of the id, 1-16 letters and digits. Default: the most used one, else KIT'),
  description: z.string().max(20_000).optional().describe('Goes under Context of spec.md'),
  dryRun: z.boolean().default(false).describe('Default false. true: show, write nothing'),
  ...workspaceInput,
});
export type NewSpecInput = z.output<typeof NewSpecInput>;

export const NewSpecResult = z.object({
  workspace: z.string(),
  specId: SpecId,
  packet: z.string().describe('Folder of the documents'),
  created: z.array(z.string()).describe('Workspace-relative paths; with dryRun those that would be'),
  tracker: z.object({ file: z.string(), line: z.int(), row: z.string() }),
  dryRun: z.boolean(),
  summary: z.string(),
  next: Next,
});
export type NewSpecResult = z.output<typeof NewSpecResult>;
