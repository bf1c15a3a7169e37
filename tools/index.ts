import type { Tool } from '../src/tool.js';
import { lintTasksTool } from './lint-tasks.js';
import { runGuardrailTool } from './run-guardrail.js';
import { specStatusTool } from './spec-status.js';
import { updateTaskTool } from './update-task.js';

/** Every tool, in the order that clients list them. */
export const tools: readonly Tool[] = [runGuardrailTool, lintTasksTool, specStatusTool, updateTaskTool];
