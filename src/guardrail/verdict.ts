import type { Stage, Verdict } from '../../schemas/ids.js';
import { recomputeVerdict } from '../consensus/recompute.js';
import { inBundleFolders } from '../evidence/bundle-files.js';
import { sha256Of } from '../evidence/digest.js';
import { nameOf } from '../evidence/layout.js';
import type { Recorded } from '../evidence/records.js';
import { verifyRecorded } from '../evidence/verify-one.js';
import { acceptanceOf, type Question } from './acceptance-of-verdict.js';
import { type Checked, type Guardrail, required } from './guardrail.js';

const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** The verdict is computed again from the answers: what the synthesis claims is a claim. `name`: of the check. */
export function judgeVerdict(guardrail: Guardrail, stage: Stage, recorded: Recorded, name: string): Checked {
  const { bundle } = recorded.record;
  const again = `Settle it and run spec-${stage} again.`;
  const unsound = unsoundness(guardrail, stage, recorded);
  if (unsound !== undefined) return required(name, 'failed', `The consensus ${bundle} ${unsound} ${again}`);
  const files = filesOf(guardrail, recorded);
  const { verdict, problems } = recomputeVerdict(files);
  const [problem] = problems;
  if (problem !== undefined || verdict === null)
    return required(
      name,
      'failed',
      `The consensus ${bundle} does not hold: ${problem?.file ?? ''} ${problem?.message ?? 'it has no verdict.'} ${again}`,
    );
  if (verdict === 'ok') return required(name, 'passed', `The agents agreed (${bundle}).`);
  const synthesis = files.get(`spec-${stage}_${bundle}_synthesis.json`);
  const question = synthesis && { stage, bundle, verdict, synthesis: sha256Of(synthesis) };
  return notAgreed(guardrail, name, verdict, bundle, question);
}

function unsoundness(guardrail: Guardrail, stage: Stage, { seq, manifest }: Recorded): string | undefined {
  const { workspace, settings, packet } = guardrail;
  const findings = verifyRecorded(workspace, settings.workspace.evidence_root, packet.specId, seq);
  const wrong = findings.find(({ severity }) => severity === 'error');
  if (wrong !== undefined) return `does not verify: ${wrong.message}`;
  const predicate = manifest?.predicate;
  return predicate?.kind === 'consensus' && predicate.stage === stage ? undefined : `is none of ${stage}.`;
}

function notAgreed(
  guardrail: Guardrail,
  name: string,
  verdict: Verdict,
  bundle: string,
  question: Question | undefined,
): Checked {
  const message = `The agents' newest verdict is ${verdict} (${bundle}).`;
  const acceptance = question && acceptanceOf(guardrail, question);
  if (question === undefined || acceptance === undefined)
    return required(
      name,
      'failed',
      `${message} Settle it and ask them again; or a person takes responsibility with \`spec-kit-mcp stage ${question?.stage ?? 'STAGE'} ${guardrail.packet.specId} --accept ${bundle} --reason "..."\`.`,
    );
  const { by, reason } = acceptance;
  return {
    ...required(name, 'waived', `${message} ${by} accepted it.`),
    waiver: { check: name, by, reason },
  };
}

function filesOf({ workspace, settings, packet }: Guardrail, { manifest }: Recorded): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  inBundleFolders(workspace, settings.workspace.evidence_root, packet.specId, read => {
    for (const { name, annotations } of manifest?.subject ?? []) {
      const bytes = read(name, Math.min(annotations.size, MAX_FILE_BYTES));
      if (typeof bytes !== 'string') files.set(nameOf(name), bytes);
    }
  });
  return files;
}
