import { specPlanTool } from '../../../tools/spec-plan.js';
import type { Command } from '../command.js';
import { runTool } from '../run-tool.js';
import { stageAnswer, stageFlags, stageInput } from '../stage-answer.js';

export const planCommand: Command = {
  name: 'plan',
  summary: 'plan a spec with agents: guardrail, one question at a time, verdict, evidence, plan.md',
  takes: 'SPEC-ID',
  positionals: [1, 1],
  flags: stageFlags,
  example: 'spec-kit-mcp plan SPEC-KIT-DEMO --dry-run',
  async run(parsed, terminal) {
    const input = { specId: parsed.positionals[0], ...(await stageInput(parsed, terminal)) };
    return stageAnswer(await runTool(specPlanTool, input, parsed, terminal));
  },
};
