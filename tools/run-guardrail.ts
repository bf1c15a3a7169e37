import { RunGuardrailInput } from '../schemas/inputs/checks.js';
import { defineTool } from '../src/tool.js';
import { changedByBundle } from './changed-resources.js';

export const runGuardrailTool = defineTool({
  name: 'run_guardrail',
  title: 'Run a stage guardrail',
  description:
    "Run a stage's real checks for a spec (documents, tracker row, configured commands, programs, lock, HTTP checks, earlier evidence) and record them as evidence. Returns outcome passed, failed or incomplete with every check. A failed check is a result, not an error.",
  input: RunGuardrailInput,
  output: async () => (await import('../schemas/guardrail.js')).GuardrailReport,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run({ workspace: _, waitSeconds: __, ...input }, call) {
    const { runGuardrail } = await import('../src/guardrail/run.js');
    return runGuardrail(input, call);
  },
  subject: ({ specId, stage }) => ({ kind: 'guardrail', specId, stage }),
  changes: changedByBundle,
});
