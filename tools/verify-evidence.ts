import { VerifyEvidenceInput } from '../schemas/inputs/evidence.js';
import { loadSettings } from '../src/settings/load.js';
import { defineTool } from '../src/tool.js';

export const verifyEvidenceTool = defineTool({
  name: 'verify_evidence',
  title: 'Verify evidence',
  description:
    'Recompute the evidence of a spec, or of all: ledger, manifests, digests, outcomes; missing and extra files; evidence without manifests is judged by its bytes. Outcome ok, tampered, false, incomplete or anchor_mismatch, with record, file and byte. Offline, read-only.',
  input: VerifyEvidenceInput,
  output: async () => (await import('../schemas/evidence-tools.js')).VerifyReport,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run({ workspace: _, ...input }, { workspace, signal, progress }) {
    const { settings } = await loadSettings(workspace);
    const { verifyEvidence } = await import('../src/evidence/verify.js');
    return verifyEvidence(workspace, settings.workspace.evidence_root, input, { signal, progress });
  },
});
