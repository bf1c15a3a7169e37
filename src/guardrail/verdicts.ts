import { STAGES, type Stage } from '../../schemas/ids.js';
import { nameOf } from '../evidence/layout.js';
import { newestSeq } from '../evidence/ledger.js';
import { type Recorded, readBack } from '../evidence/records.js';
import { verifyRecorded } from '../evidence/verify-one.js';
import { type Checked, type Guardrail, notConfigured, required, type Step } from './guardrail.js';

const NAME = 'consensus';

export const VERDICT_PREFIX = 'verdict:';

const EARLIER: readonly Stage[] = STAGES.slice(0, STAGES.indexOf('audit'));
const STRIDE = 200;

/** What the agents of the earlier stages came to last. Agents advise: where none was asked, nothing is missing. */
export const verdicts: Step = {
  name: NAME,
  run(guardrail) {
    const newest = newestConsensus(guardrail);
    const checks = EARLIER.flatMap(stage => {
      const recorded = newest.get(stage);
      return recorded === undefined ? [] : [judge(guardrail, stage, recorded)];
    });
    return checks.length > 0
      ? checks
      : notConfigured(NAME, 'Not run: no agents were asked in earlier stages.');
  },
};

function judge({ workspace, settings, packet }: Guardrail, stage: Stage, recorded: Recorded): Checked {
  const name = `${VERDICT_PREFIX}${stage}`;
  const { bundle } = recorded.record;
  const again = `Settle it and run spec-${stage} again.`;
  const findings = verifyRecorded(workspace, settings.workspace.evidence_root, packet.specId, recorded.seq);
  const wrong = findings.find(({ severity }) => severity === 'error');
  if (wrong !== undefined)
    return required(name, 'failed', `The consensus ${bundle} does not verify: ${wrong.message} ${again}`);
  const predicate = recorded.manifest?.predicate;
  if (predicate?.kind !== 'consensus' || predicate.stage !== stage || predicate.verdict === null)
    return required(name, 'failed', `The consensus ${bundle} has no verdict on ${stage}. ${again}`);
  return predicate.verdict === 'ok'
    ? required(name, 'passed', `The agents agreed (${bundle}).`)
    : required(name, 'failed', `The agents' newest verdict is ${predicate.verdict} (${bundle}). ${again}`);
}

function newestConsensus({ workspace, settings, packet }: Guardrail): ReadonlyMap<Stage, Recorded> {
  const root = settings.workspace.evidence_root;
  const newest = new Map<Stage, Recorded>();
  for (let seq = newestSeq(workspace.files, root, packet.specId); seq > 0; seq -= STRIDE) {
    const page = readBack(workspace, root, packet.specId, seq, STRIDE, ({ manifest }) => {
      const stage = stageOf(manifest.path);
      return stage !== undefined && !newest.has(stage);
    });
    for (const recorded of page) {
      const stage = stageOf(recorded.record.manifest.path);
      if (stage !== undefined && !newest.has(stage)) newest.set(stage, recorded);
    }
    if (newest.size === EARLIER.length) break;
  }
  return newest;
}

function stageOf(manifestPath: string): Stage | undefined {
  if (!manifestPath.startsWith('consensus/')) return undefined;
  return EARLIER.find(stage => nameOf(manifestPath).startsWith(`spec-${stage}_`));
}
