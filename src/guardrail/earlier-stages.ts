import type { Manifest } from '../../schemas/evidence.js';
import { STAGES, type Stage } from '../../schemas/ids.js';
import type { Recorded } from '../evidence/records.js';
import { guardrailOutcome, newestGuardrails } from '../evidence/stages.js';
import { ledgerStanding } from '../evidence/standing.js';
import { verifyRecorded } from '../evidence/verify-one.js';
import { type Checked, type Guardrail, required, type Step, some } from './guardrail.js';
import { lineageOf } from './lineage.js';

export const EVIDENCE_PREFIX = 'evidence:';

const LEDGER = 'ledger';

const EARLIER: readonly Stage[] = STAGES.slice(0, STAGES.indexOf('audit'));

/** The ledger as a whole: a newest record that nobody can read would let an older one pass for the newest. */
export const ledgerSound: Step = {
  name: LEDGER,
  async run(guardrail) {
    const { problem, records, anchored } = await ledgerOf(guardrail);
    return problem === undefined
      ? required(LEDGER, 'passed', `The chain of ${records} records is unbroken. ${anchored}`)
      : required(LEDGER, 'failed', problem);
  },
};

/** Its chain, and that it still contains what trailers of commits say it did. `anchored`: a sentence for people. */
export async function ledgerOf({ workspace, settings, packet: { specId } }: Guardrail): Promise<{
  readonly problem: string | undefined;
  readonly records: number;
  readonly anchored: string;
}> {
  const { problems, records, anchored } = await ledgerStanding(
    workspace,
    settings.workspace.evidence_root,
    specId,
  );
  const problem =
    problems.length > 0
      ? `The ledger does not verify: ${some(problems, 3)} verify_evidence shows all of it.`
      : records === 0
        ? `Nothing is recorded for ${specId} yet.`
        : undefined;
  return { problem, records, anchored };
}

/** For each stage before this one: its newest evidence exists, verifies, passed, and belongs to this commit. */
export const earlierStages: readonly Step[] = EARLIER.map(stage => {
  const name = `${EVIDENCE_PREFIX}${stage}`;
  return { name, run: guardrail => judge(guardrail, stage, name) };
});

async function judge(guardrail: Guardrail, stage: Stage, name: string): Promise<Checked> {
  const { workspace, settings, packet } = guardrail;
  const root = settings.workspace.evidence_root;
  const again = `Run the ${stage} guardrail again.`;
  const recorded = newestGuardrails(workspace, root, packet.specId).get(stage);
  if (recorded === undefined)
    return required(name, 'failed', `There is no evidence of ${stage}. Run the ${stage} guardrail.`);
  const { bundle } = recorded.record;
  const wrong = verifyRecorded(workspace, root, packet.specId, recorded.seq).find(
    ({ severity }) => severity === 'error',
  );
  if (wrong !== undefined || recorded.manifest === undefined)
    return required(
      name,
      'failed',
      `${bundle} does not verify: ${wrong?.message ?? 'its manifest cannot be read.'} ${wrong?.file ?? ''} ${again}`,
    );
  const outcome = guardrailOutcome(workspace, root, stage, recorded);
  if (outcome !== 'passed')
    return required(name, 'failed', `${bundle} is ${outcome}${unmet(recorded)}. ${again}`);
  return belongs(guardrail, stage, name, recorded.manifest, bundle);
}

async function belongs(
  guardrail: Guardrail,
  stage: Stage,
  name: string,
  { predicate }: Manifest,
  bundle: string,
): Promise<Checked> {
  const lineage = await lineageOf(guardrail, predicate.source);
  const inherited = predicate.waivers.map(waiver => ({ ...waiver, check: `${stage}/${waiver.check}` }));
  if (lineage.kind === 'elsewhere')
    return required(
      name,
      'failed',
      `${bundle} passed, but ${lineage.why}. Run the ${stage} guardrail again.`,
    );
  if (lineage.kind === 'dirty')
    return dirty(guardrail, name, `${bundle} passed, but ${lineage.why}.`, inherited);
  const waived = inherited.map(({ check, by }) => `${check} by ${by}`);
  const but = waived.length === 0 ? '' : ` Waived there: ${some(waived, 3)}.`;
  return {
    ...required(name, 'passed', `${bundle} verifies, passed, and belongs to this commit.${but}`),
    inherited,
  };
}

function dirty(
  { workspace }: Guardrail,
  name: string,
  message: string,
  inherited: Checked['inherited'],
): Checked {
  if (!workspace.operator.allowDirty)
    return required(name, 'failed', `${message} Commit, then run it again.`);
  const waiver = { check: name, by: 'SPEC_OPS_ALLOW_DIRTY', reason: message };
  return {
    ...required(name, 'waived', `${message} Allowed by SPEC_OPS_ALLOW_DIRTY.`),
    waiver,
    ...(inherited === undefined ? {} : { inherited }),
  };
}

/** Which checks kept it from passing. */
function unmet({ manifest }: Recorded): string {
  const names = (manifest?.predicate.checks ?? [])
    .filter(({ status, required: counts }) => status === 'failed' || (status === 'not_run' && counts))
    .map(({ name }) => name);
  return names.length === 0 ? '' : ` (${some(names, 3)})`;
}
