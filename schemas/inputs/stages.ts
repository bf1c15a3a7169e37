import * as z from 'zod';
import { SessionId, SpecId, Stage } from '../ids.js';
import { waitInput, workspaceInput } from './shared.js';

/** An answer of an agent may have as much; the server's own limit for a whole call is higher. */
export const MAX_OUTPUT_CHARACTERS = 2 * 1024 * 1024;

/** JSON as text, or as the value itself; listed as text, because some clients know no other mixed type. */
const Output = z
  .unknown()
  .refine(
    value => value === undefined || typeof value === 'string' || isObject(value),
    'must be JSON text or an object',
  )
  .refine(
    value => typeof value !== 'string' || value.length <= MAX_OUTPUT_CHARACTERS,
    `must be at most ${MAX_OUTPUT_CHARACTERS} characters`,
  )
  .optional();

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

const goal = z.string().min(1).max(2000).optional();
const dryRun = z.boolean().optional();
const runId = SessionId.optional();
const agent = z.string().max(40).optional();
const write = z.boolean().optional();

export const SpecPlanInput = z.strictObject({
  specId: SpecId,
  goal: goal.describe('What for; up to 2,000 characters'),
  dryRun: dryRun.describe('Only show prompts and cost'),
  runId: runId.describe('To continue a run'),
  agent: agent.describe('Whose answer, e.g. gemini'),
  output: Output.meta({ type: 'string', description: 'Its JSON, up to 2 MiB' }),
  write: write.describe('Write plan.md if ok'),
  waitSeconds: waitInput.waitSeconds.describe('0-600, default 45'),
  ...workspaceInput,
});
export type SpecPlanInput = z.output<typeof SpecPlanInput>;

export const SpecStageInput = z.strictObject({
  specId: SpecId,
  stage: z.enum(['tasks', 'implement', 'validate', 'audit', 'unlock']).describe('A later stage'),
  goal: goal.describe('Same'),
  dryRun: dryRun.describe('Same'),
  runId: runId.describe('Same'),
  agent: agent.describe('Same'),
  output: Output.meta({ type: 'string', description: 'Same' }),
  write: write.describe('Write tasks.md if ok'),
  waitSeconds: waitInput.waitSeconds.describe('0-600, default 45'),
  ...workspaceInput,
});
export type SpecStageInput = z.output<typeof SpecStageInput>;

export const SpecAutoInput = z.strictObject({
  specId: SpecId,
  from: Stage.optional().describe('First stage; those before must have passed'),
  to: z.string().pipe(Stage).optional().describe('Last stage'),
  stages: z.array(z.string().pipe(Stage)).min(1).max(6).optional().describe('Only these'),
  skipConsensus: z.boolean().default(false).describe('Guardrails alone, no agents'),
  goal: z.string().max(2000).optional().describe('For the agents, up to 2,000 characters'),
  resume: SessionId.optional().describe('runId to go on with'),
  cancel: SessionId.optional().describe('runId to end'),
  ...waitInput,
  ...workspaceInput,
});
export type SpecAutoInput = z.output<typeof SpecAutoInput>;
