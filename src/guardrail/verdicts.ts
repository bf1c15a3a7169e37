import { STAGES, type Stage } from '../../schemas/ids.js';
import { nameOf } from '../evidence/layout.js';
import { newestRecords } from '../evidence/newest.js';
import type { Recorded } from '../evidence/records.js';
import { type Guardrail, notConfigured, type Step } from './guardrail.js';

const NAME = 'consensus';

export const VERDICT_PREFIX = 'verdict:';

const EARLIER: readonly Stage[] = STAGES.slice(0, STAGES.indexOf('audit'));

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
  return newestRecords(workspace, root, packet.specId, path => stageOf(path, stages), stages.length);
}

function stageOf(manifestPath: string, stages: readonly Stage[]): Stage | undefined {
  if (!manifestPath.startsWith('consensus/')) return undefined;
  return stages.find(stage => nameOf(manifestPath).startsWith(`spec-${stage}_`));
}
