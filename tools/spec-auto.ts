import { AutoReport, SpecAutoInput } from '../schemas/auto.js';
import { indexUri } from '../src/evidence/layout.js';
import { specAuto } from '../src/pipeline/auto.js';
import { defineTool } from '../src/tool.js';

export const specAutoTool = defineTool({
  name: 'spec_auto',
  title: 'Run the pipeline',
  description:
    'Run the stages of a spec in order, plan to unlock: guardrail, then agents. Halts at the first that is not passed, says why and how to resume; stops after implement for the work itself. Every try is recorded.',
  input: SpecAutoInput,
  output: AutoReport,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  run: ({ workspace: _, waitSeconds: __, ...input }, call) => specAuto(input, call),
  subject: ({ specId }) => ({ kind: 'auto', specId, stage: null, ownRecord: true }),
  changes: ({ specId, resource }) => [
    resource,
    indexUri(specId),
    `spec-kit://specs/${specId}`,
    'spec-kit://specs',
  ],
});
