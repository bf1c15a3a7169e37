import { SpecStageInput } from '../schemas/inputs/stages.js';
import { changedByStage } from '../src/consensus/changed.js';
import { defineTool } from '../src/tool.js';

export const specStageTool = defineTool({
  name: 'spec_stage',
  title: 'Run a later stage with agents',
  description: 'Like spec_plan, for a later stage; tasks drafts tasks.md.',
  input: SpecStageInput,
  output: async () => (await import('../schemas/stage-tools.js')).StageReport,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  // Heavy, and not needed by most sessions.
  async run({ workspace: _, waitSeconds: __, ...input }, call) {
    const { runStage } = await import('../src/consensus/stage.js');
    return runStage(input, call);
  },
  subject: ({ specId, stage }) => ({ kind: 'stage', specId, stage, ownRecord: true }),
  changes: changedByStage,
});
