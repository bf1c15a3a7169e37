import { WriteEvidenceInput } from '../schemas/inputs/evidence.js';
import { loadSettings } from '../src/settings/load.js';
import { defineTool } from '../src/tool.js';
import { changedByBundle } from './changed-resources.js';

export const writeEvidenceTool = defineTool({
  name: 'write_evidence',
  title: 'Write evidence',
  description:
    "Put a text or JSON you made (notes, a test report) into a spec's evidence: hashed, recorded, never overwritten, labelled as attested by the caller. It satisfies no gate; run_guardrail does. Returns paths, digests, bundle id.",
  input: WriteEvidenceInput,
  output: async () => (await import('../schemas/evidence-tools.js')).WriteEvidenceResult,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run(input, { workspace }) {
    const { writeEvidence } = await import('../src/evidence/write.js');
    return writeEvidence(workspace, await loadSettings(workspace), input);
  },
  changes: changedByBundle,
});
