import * as z from 'zod';

/** Part of every tool's input. */
export const workspaceInput = {
  workspace: z.string().max(4096).optional().describe('If several are served'),
};

/** Part of the input of every tool that may take longer than a client waits. */
export const waitInput = {
  waitSeconds: z
    .int()
    .min(0)
    .max(600)
    .default(45)
    .describe('0-600, default 45: later it answers status running and a runId'),
};
