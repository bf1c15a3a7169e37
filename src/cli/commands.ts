import type { Command } from './command.js';
import { guardrailCommand } from './commands/guardrail.js';
import { lintCommand } from './commands/lint.js';
import { serveCommand } from './commands/serve.js';
import { statusCommand } from './commands/status.js';
import { taskCommand } from './commands/task.js';
import { trustCommand } from './commands/trust.js';
import type { Commands } from './program.js';

const answering: readonly Command[] = [
  lintCommand,
  taskCommand,
  guardrailCommand,
  statusCommand,
  trustCommand,
];

/** Every command, in the order that help shows them. */
export const commands: Commands = { all: [...answering, serveCommand], answering };
