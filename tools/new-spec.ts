import { NewSpecInput } from '../schemas/inputs/specs.js';
import { defineTool } from '../src/tool.js';

export const newSpecTool = defineTool({
  name: 'new_spec',
  title: 'Start a new spec',
  description:
    'Take the next free SPEC-<AREA>-<NNN>, write its packet (spec.md, plan.md, tasks.md, PRD.md) from templates and append its tracker row. Overwrites nothing; ids are never reused. Returns id, paths, row.',
  input: NewSpecInput,
  output: async () => (await import('../schemas/intake.js')).NewSpecResult,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run({ workspace: _, ...input }, { workspace, signal }) {
    const { newSpec } = await import('../src/intake/new-spec.js');
    return newSpec(workspace, input, signal);
  },
  changes: ({ specId, dryRun }) =>
    dryRun ? [] : ['spec-kit://tracker', 'spec-kit://specs', `spec-kit://specs/${specId}`],
});
