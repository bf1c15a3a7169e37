import * as z from 'zod';
import { SessionId, SpecId } from '../ids.js';
import { workspaceInput } from './shared.js';

export const NewSpecInput = z.strictObject({
  title: z.string().min(1).max(20_000).describe('One line; a long one is shortened in headings'),
  area: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]{0,15}$/, 'must be 1 to 16 letters and digits, a letter first')
    .optional()
    .describe('Middle of the id, 1-16 letters and digits. Default: the most used one, else KIT'),
  description: z.string().max(20_000).optional().describe('Goes under Context of spec.md'),
  dryRun: z.boolean().default(false).describe('Default false. true: show, write nothing'),
  ...workspaceInput,
});
export type NewSpecInput = z.output<typeof NewSpecInput>;

export const SpecStatusInput = z.strictObject({
  specId: SpecId.optional().describe('One spec in detail. Default: a line for each spec'),
  runId: SessionId.optional().describe('A run instead: its state, and its result once it is done'),
  waitSeconds: z.int().min(0).max(45).default(0).describe('With runId: wait for its end, 0-45, default 0'),
  ...workspaceInput,
});
export type SpecStatusInput = z.output<typeof SpecStatusInput>;
