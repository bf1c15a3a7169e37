import * as z from 'zod';
import { SpecId, Stage } from '../ids.js';
import { waitInput, workspaceInput } from './shared.js';

export const BASELINE_MODES = ['skip', 'no-run', 'quick', 'full'] as const;
export const BaselineMode = z.enum(BASELINE_MODES);
export type BaselineMode = z.output<typeof BaselineMode>;

export const RunGuardrailInput = z
  .strictObject({
    specId: SpecId,
    stage: Stage.describe('plan, tasks, implement, validate, audit or unlock'),
    baselineMode: BaselineMode.optional().describe(
      'plan only: skip, no-run, quick or full. Default full when commands are configured, else no-run',
    ),
    ...waitInput,
    ...workspaceInput,
  })
  .refine(({ stage, baselineMode }) => baselineMode === undefined || stage === 'plan', {
    path: ['baselineMode'],
    error: 'goes with the plan stage alone',
  });
export type RunGuardrailInput = z.output<typeof RunGuardrailInput>;

/** `start` is the name of our own check: that the configured command serves and lives. */
export const HalCheckName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,63}$/,
    'must be a check name: lower-case letters, digits, - and _, at most 64',
  )
  .refine(name => name !== 'start', 'is the name of a check of our own; choose another');

export const HalSmokeInput = z.strictObject({
  specId: SpecId,
  checks: z
    .array(HalCheckName)
    .refine(names => names.length > 0, 'must name a check, or be left out to run all')
    .optional()
    .describe('Only these, which makes the outcome incomplete'),
  ...waitInput,
  ...workspaceInput,
});
export type HalSmokeInput = z.output<typeof HalSmokeInput>;
