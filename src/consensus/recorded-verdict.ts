import { Synthesis } from '../../schemas/consensus.js';
import type { Stage } from '../../schemas/ids.js';
import { SESSION_ID } from '../../schemas/ids.js';
import { SpecError } from '../errors.js';
import { sha256Of } from '../evidence/digest.js';
import { fileText } from '../evidence/read-bundle.js';
import type { Workspace } from '../workspace.js';

export interface RecordedVerdict {
  readonly verdict: Synthesis['status'];
  readonly synthesis: { readonly name: string; readonly sha256: string };
}

/** What the recorded synthesis of a run says. Throws NOT_FOUND, REFUSED when it is not the recorded file. */
export function recordedVerdict(
  workspace: Workspace,
  root: string,
  specId: string,
  stage: Stage,
  runId: string,
): RecordedVerdict {
  const name = `spec-${stage}_${runId}_synthesis.json`;
  const text = SESSION_ID.test(runId) ? fileText(workspace, root, specId, runId, name) : undefined;
  const synthesis = text === undefined ? undefined : parsed(text);
  if (text === undefined || synthesis === undefined)
    throw new SpecError(
      'NOT_FOUND',
      `There is no recorded synthesis of ${stage} run ${runId.slice(0, 40)} of ${specId}. \`spec-kit-mcp evidence list ${specId}\` shows what there is.`,
    );
  return { verdict: synthesis.status, synthesis: { name, sha256: sha256Of(Buffer.from(text)) } };
}

function parsed(text: string): Synthesis | undefined {
  try {
    return Synthesis.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
