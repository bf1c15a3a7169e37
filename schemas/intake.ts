import * as z from 'zod';
import { SpecId } from './ids.js';
import { Next } from './shared.js';

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
