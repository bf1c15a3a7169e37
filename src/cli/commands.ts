import type { Command } from './command.js';
import { agentsCommand } from './commands/agents.js';
import { archiveCommand, restoreCommand } from './commands/archive.js';
import { autoCommand } from './commands/auto.js';
import { doctorCommand } from './commands/doctor.js';
import { evidenceCommand } from './commands/evidence.js';
import { guardrailCommand } from './commands/guardrail.js';
import { halCommand } from './commands/hal.js';
import { hooksCommand } from './commands/hooks.js';
import { initCommand, uninstallCommand } from './commands/init.js';
import { lintCommand } from './commands/lint.js';
import { newCommand } from './commands/new.js';
import { planCommand } from './commands/plan.js';
import { reportCommand } from './commands/report.js';
import { stageCommand } from './commands/stage.js';
import { statsCommand } from './commands/stats.js';
import { statusCommand } from './commands/status.js';
import { taskCommand } from './commands/task.js';
import { trustCommand } from './commands/trust.js';
import { verifyCommand } from './commands/verify.js';

/** The commands that end with an answer, in the order that help shows them. */
export const answering: readonly Command[] = [
  initCommand,
  doctorCommand,
  lintCommand,
  newCommand,
  taskCommand,
  guardrailCommand,
  planCommand,
  stageCommand,
  halCommand,
  autoCommand,
  statusCommand,
  evidenceCommand,
  verifyCommand,
  statsCommand,
  archiveCommand,
  restoreCommand,
  reportCommand,
  trustCommand,
  agentsCommand,
  hooksCommand,
  uninstallCommand,
];
