import * as z from 'zod';
import { SessionId, SpecId } from './ids.js';
import { ProcessOwner } from './run.js';

/**
 * Who holds a spec. It belongs to a branch in a work tree, which `implement` takes it for and `unlock` gives it back for; the
 * process is the one that wrote it, and has often ended long before.
 */
export const SpecLock = z.strictObject({
  v: z.literal(1),
  specId: SpecId,
  owner: z.strictObject({ user: z.string().max(256), ...ProcessOwner.shape }),
  branch: z.string().max(1024).nullable().describe('Null for a detached HEAD'),
  worktree: z.string().max(4096).describe('Absolute path of its root'),
  commit: z.string().nullable().describe('Where HEAD was when it was taken'),
  session: SessionId.describe('The guardrail run that took it'),
  at: z.iso.datetime(),
});
export type SpecLock = z.output<typeof SpecLock>;
