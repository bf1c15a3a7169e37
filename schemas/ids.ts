import * as z from 'zod';

/** Grammar of spec ids: two or more dash-joined groups of capitals and digits, e.g. SPEC-KIT-018. */
export const SPEC_ID = /^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$/;

export const SpecId = z
  .string()
  .max(64)
  .regex(SPEC_ID, 'must be a spec id such as SPEC-KIT-018: capitals, digits and dashes')
  .describe('e.g. SPEC-KIT-018');
export type SpecId = z.output<typeof SpecId>;

export const STAGES = ['plan', 'tasks', 'implement', 'validate', 'audit', 'unlock'] as const;
export const Stage = z.enum(STAGES);
export type Stage = z.output<typeof Stage>;

/** A task id as people write them in trackers: T12, MAINT-3.1, SPEC-KIT-067. */
export const TaskId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'must be a task id such as T12: letters, digits, dots and dashes',
  )
  .describe('Task id as in the tracker, e.g. T12');

/** `YYYYMMDDTHHMMSSZ-<8 hex>`: UTC start of the run plus random; safe as a file name everywhere. */
export const SESSION_ID = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;
export const SessionId = z
  .string()
  .regex(SESSION_ID, 'must be an id such as 20261122T100000Z-1a2b3c4d, as results and spec_status give it');

/** Three outcomes, never two: what did not run is neither passed nor failed. */
export const Outcome = z.enum(['passed', 'failed', 'incomplete']);
export type Outcome = z.output<typeof Outcome>;

/** What the agents of a stage came to: only `ok` opens a gate. */
export const Verdict = z.enum(['ok', 'conflict', 'degraded']);
export type Verdict = z.output<typeof Verdict>;
