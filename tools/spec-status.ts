import { SpecStatusInput } from '../schemas/inputs/specs.js';
import { evidenceRootOf } from '../src/settings/evidence-root.js';
import { defineTool } from '../src/tool.js';

export const specStatusTool = defineTool({
  name: 'spec_status',
  title: 'Where specs stand',
  description:
    'Show where a spec stands, or all specs: documents, tracker rows, newest outcome of each stage (recomputed from its evidence), and the next call; or a run, waiting for its result. Read-only; call it first.',
  input: SpecStatusInput,
  output: async () => (await import('../schemas/status.js')).SpecStatusReport,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run({ specId, runId, waitSeconds }, call) {
    if (runId === undefined) {
      const { specStatus } = await import('../src/status/status.js');
      return specStatus(call.workspace, specId);
    }
    const { runStatus, waitForRun } = await import('../src/pipeline/run-report.js');
    const { asEvidenced } = await import('../src/pipeline/run-claims.js');
    const root = await evidenceRootOf(call.workspace);
    const run = await waitForRun(call, root, runId, waitSeconds * 1000);
    return runStatus(call.workspace, await asEvidenced(call.workspace, root, run));
  },
});
