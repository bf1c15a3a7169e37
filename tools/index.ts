import type { Tool } from '../src/tool.js';
import { halSmokeTool } from './hal-smoke.js';
import { lintTasksTool } from './lint-tasks.js';
import { newSpecTool } from './new-spec.js';
import { runGuardrailTool } from './run-guardrail.js';
import { specAutoTool } from './spec-auto.js';
import { specPlanTool } from './spec-plan.js';
import { specStageTool } from './spec-stage.js';
import { specStatusTool } from './spec-status.js';
import { updateTaskTool } from './update-task.js';
import { verifyEvidenceTool } from './verify-evidence.js';
import { writeEvidenceTool } from './write-evidence.js';

/** Every tool, in the order that clients list them. */
export const tools: readonly Tool[] = [
  specPlanTool,
  runGuardrailTool,
  halSmokeTool,
  lintTasksTool,
  writeEvidenceTool,
  specStageTool,
  specAutoTool,
  specStatusTool,
  newSpecTool,
  updateTaskTool,
  verifyEvidenceTool,
];
