import * as z from 'zod';
import { SessionId, SpecId, type Stage, type Verdict } from '../../schemas/ids.js';
import { inBundleFolders } from '../evidence/bundle-files.js';
import { commandPath } from '../evidence/layout.js';
import { newestSeq } from '../evidence/ledger.js';
import { MAX_MANIFEST_BYTES, parsed, readBack } from '../evidence/records.js';
import { verifyRecorded } from '../evidence/verify-one.js';
import type { Guardrail } from './guardrail.js';

const STRIDE = 200;

/** What a person recorded about one synthesis with `spec-kit-mcp stage accept`. No tool can write a file of this name. */
const Acceptance = z.object({
  specId: SpecId,
  stage: z.string(),
  run_id: SessionId,
  accepts: z.string(),
  by: z.string().min(1),
  reason: z.string().min(1),
  synthesis: z.object({ sha256: z.string() }),
});
type Acceptance = z.output<typeof Acceptance>;

export interface Question {
  readonly stage: Stage;
  /** The run of the agents. */
  readonly bundle: string;
  readonly verdict: Verdict;
  /** Hex sha256 of its synthesis. */
  readonly synthesis: string;
}

/** The newest acceptance of exactly this synthesis with this verdict; undefined when nobody gave one, or it does not verify. */
export function acceptanceOf(guardrail: Guardrail, question: Question): Acceptance | undefined {
  const { workspace, settings, packet } = guardrail;
  const root = settings.workspace.evidence_root;
  for (let seq = newestSeq(workspace.files, root, packet.specId); seq > 0; seq -= STRIDE) {
    const page = readBack(workspace, root, packet.specId, seq, STRIDE, () => false);
    for (const { seq: at, record } of page) {
      if (record.manifest.path !== commandPath(packet.specId, `acceptance_${record.bundle}_manifest.json`))
        continue;
      const acceptance = readAcceptance(guardrail, at, record.bundle);
      if (acceptance !== undefined && answers(acceptance, question)) return acceptance;
    }
  }
  return undefined;
}

function readAcceptance(
  { workspace, settings, packet }: Guardrail,
  seq: number,
  bundle: string,
): Acceptance | undefined {
  const root = settings.workspace.evidence_root;
  const findings = verifyRecorded(workspace, root, packet.specId, seq);
  if (findings.some(({ severity }) => severity === 'error')) return undefined;
  const path = commandPath(packet.specId, `acceptance_${bundle}.json`);
  const bytes = inBundleFolders(workspace, root, packet.specId, read => read(path, MAX_MANIFEST_BYTES));
  return Acceptance.safeParse(parsed(bytes)).data;
}

function answers(
  { stage, run_id, accepts, synthesis }: Acceptance,
  { stage: asked, bundle, verdict, synthesis: sha256 }: Question,
): boolean {
  return stage === `spec-${asked}` && run_id === bundle && accepts === verdict && synthesis.sha256 === sha256;
}
