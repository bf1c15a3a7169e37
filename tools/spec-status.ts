import { SpecStatusInput, SpecStatusReport } from '../schemas/status.js';
import { specStatus } from '../src/status/status.js';
import { defineTool } from '../src/tool.js';

export const specStatusTool = defineTool({
  name: 'spec_status',
  title: 'Where specs stand',
  description:
    'Show where a spec stands, or all specs: documents, tracker rows, newest outcome of each stage (recomputed from its evidence), footprint, and the next call. Read-only; call it first.',
  input: SpecStatusInput,
  output: SpecStatusReport,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: ({ specId }, { workspace }) => specStatus(workspace, specId),
});
