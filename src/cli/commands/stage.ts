import { specPlanTool } from '../../../tools/spec-plan.js';
import { specStageTool } from '../../../tools/spec-stage.js';
import type { Command } from '../command.js';
import { runTool } from '../run-tool.js';
import { stageAnswer, stageFlags, stageInput } from '../stage-answer.js';

export const stageCommand: Command = {
  name: 'stage',
  summary: 'run a stage with agents: guardrail, one question at a time, verdict, evidence',
  takes: 'STAGE SPEC-ID',
  positionals: [2, 2],
  flags: {
    ...stageFlags,
  },
  example: 'spec-kit-mcp stage tasks SPEC-KIT-DEMO',
  async run(parsed, terminal) {
    const [stage, specId] = parsed.positionals;
    const input = await stageInput(parsed, terminal);
    if (stage === 'plan')
      return stageAnswer(await runTool(specPlanTool, { specId, ...input }, parsed, terminal));
    return stageAnswer(await runTool(specStageTool, { stage, specId, ...input }, parsed, terminal));
  },
};
