import { SpecStatusInput, SpecStatusReport } from '../schemas/status.js';
import { runStatus, waitForRun } from '../src/pipeline/run-report.js';
import { evidenceRootOf } from '../src/settings/evidence-root.js';
import { specStatus } from '../src/status/status.js';
import { defineTool } from '../src/tool.js';

export const specStatusTool = defineTool({
  name: 'spec_status',
  title: 'Where specs stand',
  description:
    'Show where a spec stands, or all specs: documents, tracker rows, newest outcome of each stage (recomputed from its evidence), and the next call; or a run, waiting for its result. Read-only; call it first.',
  input: SpecStatusInput,
  output: SpecStatusReport,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run({ specId, runId, waitSeconds }, call) {
    if (runId === undefined) return specStatus(call.workspace, specId);
    const run = await waitForRun(call, await evidenceRootOf(call.workspace), runId, waitSeconds * 1000);
    return runStatus(call.workspace, run);
  },
});
