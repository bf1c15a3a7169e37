import { SpecPlanInput } from '../schemas/inputs/stages.js';
import { changedByStage } from '../src/consensus/changed.js';
import { defineTool } from '../src/tool.js';

export const specPlanTool = defineTool({
  name: 'spec_plan',
  title: 'Plan a spec with agents',
  description:
    'Plan a spec: guardrail, agents in order, verdict ok, conflict or degraded, evidence, plan.md draft. It asks you one prompt at a time: answer with runId, agent, output.',
  input: SpecPlanInput,
  output: async () => (await import('../schemas/stage-tools.js')).StageReport,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  // Heavy, and not needed by most sessions.
  async run({ workspace: _, waitSeconds: __, ...input }, call) {
    const { runStage } = await import('../src/consensus/stage.js');
    return runStage({ ...input, stage: 'plan' }, call);
  },
  subject: ({ specId }) => ({ kind: 'stage', specId, stage: 'plan', ownRecord: true }),
  changes: changedByStage,
});
