import { STAGES, type Stage } from '../../schemas/ids.js';
import { nameOf } from '../evidence/layout.js';
import { newestSeq } from '../evidence/ledger.js';
import { type Recorded, readBack } from '../evidence/records.js';
import { type Guardrail, notConfigured, type Step } from './guardrail.js';

const NAME = 'consensus';

export const VERDICT_PREFIX = 'verdict:';

const EARLIER: readonly Stage[] = STAGES.slice(0, STAGES.indexOf('audit'));
const STRIDE = 200;

/** What the agents of the earlier stages came to last. Agents advise: where none was asked, nothing is missing. */
export const verdicts: Step = {
  name: NAME,
  async run(guardrail) {
    const newest = newestConsensus(guardrail, EARLIER);
    if (newest.size === 0) return none;
    const { judgeVerdict } = await import('./verdict.js');
    return EARLIER.flatMap(stage => {
      const recorded = newest.get(stage);
      return recorded === undefined
        ? []
        : [judgeVerdict(guardrail, stage, recorded, `${VERDICT_PREFIX}${stage}`)];
    });
  },
};

const none = notConfigured(NAME, 'Not run: no agents were asked in earlier stages.');

/** The newest record of each of these stages whose name says it is of a run with agents. Whether it is sound is not looked at. */
export function newestConsensus(
  { workspace, settings, packet }: Pick<Guardrail, 'workspace' | 'settings' | 'packet'>,
  stages: readonly Stage[],
): ReadonlyMap<Stage, Recorded> {
  const root = settings.workspace.evidence_root;
  const newest = new Map<Stage, Recorded>();
  for (let seq = newestSeq(workspace.files, root, packet.specId); seq > 0; seq -= STRIDE) {
    const page = readBack(workspace, root, packet.specId, seq, STRIDE, ({ manifest }) => {
      const stage = stageOf(manifest.path, stages);
      return stage !== undefined && !newest.has(stage);
    });
    for (const recorded of page) {
      const stage = stageOf(recorded.record.manifest.path, stages);
      if (stage !== undefined && !newest.has(stage)) newest.set(stage, recorded);
    }
    if (newest.size === stages.length) break;
  }
  return newest;
}

function stageOf(manifestPath: string, stages: readonly Stage[]): Stage | undefined {
  if (!manifestPath.startsWith('consensus/')) return undefined;
  return stages.find(stage => nameOf(manifestPath).startsWith(`spec-${stage}_`));
}
