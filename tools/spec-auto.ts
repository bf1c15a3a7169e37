import { SpecAutoInput } from '../schemas/inputs/stages.js';
import { defineTool } from '../src/tool.js';
import { changedByEvidence } from './changed-resources.js';

export const specAutoTool = defineTool({
  name: 'spec_auto',
  title: 'Run the pipeline',
  description:
    'Run the stages of a spec in order, plan to unlock: guardrail, then agents. Halts at the first that is not passed, says why and how to resume; stops after implement for the work itself. Every try is recorded.',
  input: SpecAutoInput,
  output: async () => (await import('../schemas/auto.js')).AutoReport,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run({ workspace: _, waitSeconds: __, ...input }, call) {
    if (input.cancel !== undefined) {
      const { cancelledRun } = await import('../src/pipeline/auto-cancel.js');
      return cancelledRun(input, input.cancel, call);
    }
    const { specAuto } = await import('../src/pipeline/auto.js');
    return specAuto(input, call);
  },
  subject: ({ specId, cancel }) =>
    cancel === undefined ? { kind: 'auto', specId, stage: null, ownRecord: true } : undefined,
  changes: report => [report.resource, ...changedByEvidence(report)],
});
