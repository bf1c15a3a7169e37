import * as z from 'zod';
import { type Acceptance, Synthesis } from '../../schemas/consensus.js';
import type { Stage, Verdict } from '../../schemas/ids.js';
import { assertedRoles, assertedWords } from '../consensus/asserted.js';
import { recomputeVerdict } from '../consensus/recompute.js';
import { answersIn } from '../consensus/recorded-run.js';
import { changedSince } from '../consensus/spoken-of.js';
import { namedFiles } from '../evidence/bundle-files.js';
import { parsed, type Recorded } from '../evidence/records.js';
import { verifyRecorded } from '../evidence/verify-one.js';
import { type Checked, type Guardrail, required } from './guardrail.js';

const Accepted = z.object({ acceptance: Synthesis.shape.acceptance });

/** What a verdict is judged in. */
type Judging = Pick<Guardrail, 'workspace' | 'settings' | 'packet'>;

/** The verdict is computed again from the answers: what the synthesis claims is a claim. `name`: of the check. */
export function judgeVerdict(guardrail: Judging, stage: Stage, recorded: Recorded, name: string): Checked {
  const { workspace, settings, packet } = guardrail;
  const { bundle } = recorded.record;
  const again = `Settle it and run spec-${stage} again.`;
  const unsound = unsoundness(guardrail, stage, recorded);
  if (unsound !== undefined) return required(name, 'failed', `The consensus ${bundle} ${unsound} ${again}`);
  const root = settings.workspace.evidence_root;
  const files = namedFiles(workspace, root, packet.specId, recorded.manifest);
  const { verdict, problems } = recomputeVerdict(files);
  const [problem] = problems;
  if (problem !== undefined || verdict === null)
    return required(
      name,
      'failed',
      `The consensus ${bundle} does not hold: ${problem?.file ?? ''} ${problem?.message ?? 'it has no verdict.'} ${again}`,
    );
  const changed = changedSince(workspace, packet, stage, files);
  if (changed === undefined || changed.length > 0)
    return required(
      name,
      'failed',
      `${outdated(bundle, verdict, changed)} Ask the agents of ${stage} again.`,
    );
  const said = assertedWords(assertedRoles(answersIn(files).map(({ evidence }) => evidence)));
  if (verdict === 'ok') return required(name, 'passed', `The agents agreed (${bundle}). ${said}`.trim());
  return notAgreed(guardrail, stage, name, verdict, bundle, acceptanceIn(files));
}

/** A verdict on another text says nothing about this one. */
function outdated(bundle: string, verdict: Verdict, changed: readonly string[] | undefined): string {
  return changed === undefined
    ? `The consensus ${bundle} does not tell which documents it speaks about.`
    : `The agents' verdict ${verdict} (${bundle}) speaks about another text: ${changed.join(', ')} changed since.`;
}

function unsoundness(guardrail: Judging, stage: Stage, { seq, manifest }: Recorded): string | undefined {
  const { workspace, settings, packet } = guardrail;
  const findings = verifyRecorded(workspace, settings.workspace.evidence_root, packet.specId, seq);
  const wrong = findings.find(({ severity }) => severity === 'error');
  if (wrong !== undefined) return `does not verify: ${wrong.message}`;
  const predicate = manifest?.predicate;
  return predicate?.kind === 'consensus' && predicate.stage === stage ? undefined : `is none of ${stage}.`;
}

function notAgreed(
  { packet }: Judging,
  stage: Stage,
  name: string,
  verdict: Verdict,
  bundle: string,
  acceptance: Acceptance | undefined,
): Checked {
  const message = `The agents' newest verdict is ${verdict} (${bundle}).`;
  if (acceptance?.accepts !== verdict)
    return required(
      name,
      'failed',
      `${message} Settle it and ask them again; or a person takes responsibility with \`spec-kit-mcp stage ${stage} ${packet.specId} --accept ${bundle} --reason "..."\`.`,
    );
  const { by, reason } = acceptance;
  return {
    ...required(name, 'waived', `${message} ${by} accepted it.`),
    waiver: { check: name, by, reason },
  };
}

/** Of a bundle whose verdict was computed again, so that its synthesis is what it should be. No tool can write one. */
function acceptanceIn(files: ReadonlyMap<string, Buffer>): Acceptance | undefined {
  const name = [...files.keys()].find(each => each.endsWith('_synthesis.json'));
  const bytes = name === undefined ? undefined : files.get(name);
  return bytes === undefined ? undefined : (Accepted.safeParse(parsed(bytes)).data?.acceptance ?? undefined);
}
