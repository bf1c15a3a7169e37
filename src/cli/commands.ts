import type { Command } from './command.js';
import { guardrailCommand } from './commands/guardrail.js';
import { lintCommand } from './commands/lint.js';
import { statusCommand } from './commands/status.js';
import { taskCommand } from './commands/task.js';
import { trustCommand } from './commands/trust.js';

/** The commands that end with an answer, in the order that help shows them. */
export const answering: readonly Command[] = [
  lintCommand,
  taskCommand,
  guardrailCommand,
  statusCommand,
  trustCommand,
];
