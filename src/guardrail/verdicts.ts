import * as z from 'zod';
import { type Acceptance, Synthesis } from '../../schemas/consensus.js';
import { STAGES, type Stage } from '../../schemas/ids.js';
import { inBundleFolders } from '../evidence/bundle-files.js';
import { nameOf } from '../evidence/layout.js';
import { newestSeq } from '../evidence/ledger.js';
import { parsed, type Recorded, readBack } from '../evidence/records.js';
import { verifyRecorded } from '../evidence/verify-one.js';
import { type Checked, type Guardrail, notConfigured, required, type Step } from './guardrail.js';

const NAME = 'consensus';

export const VERDICT_PREFIX = 'verdict:';

const EARLIER: readonly Stage[] = STAGES.slice(0, STAGES.indexOf('audit'));
const STRIDE = 200;
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const Accepted = z.object({ acceptance: Synthesis.shape.acceptance });

/** What the agents of the earlier stages came to last. Agents advise: where none was asked, nothing is missing. */
export const verdicts: Step = {
  name: NAME,
  async run(guardrail) {
    const checks: Checked[] = [];
    for (const [stage, recorded] of newestConsensus(guardrail))
      checks.push(await judge(guardrail, stage, recorded));
    return checks.length > 0
      ? checks
      : notConfigured(NAME, 'Not run: no agents were asked in earlier stages.');
  },
};

/** The verdict is computed again from the answers: what the synthesis claims is a claim. */
async function judge(guardrail: Guardrail, stage: Stage, recorded: Recorded): Promise<Checked> {
  const { workspace, settings, packet } = guardrail;
  const name = `${VERDICT_PREFIX}${stage}`;
  const { bundle } = recorded.record;
  const again = `Settle it and run spec-${stage} again.`;
  const findings = verifyRecorded(workspace, settings.workspace.evidence_root, packet.specId, recorded.seq);
  const wrong = findings.find(({ severity }) => severity === 'error');
  if (wrong !== undefined)
    return required(name, 'failed', `The consensus ${bundle} does not verify: ${wrong.message} ${again}`);
  const predicate = recorded.manifest?.predicate;
  if (predicate?.kind !== 'consensus' || predicate.stage !== stage)
    return required(name, 'failed', `The consensus ${bundle} is none of ${stage}. ${again}`);
  const files = filesOf(guardrail, recorded);
  const { recomputeVerdict } = await import('../consensus/recompute.js');
  const { verdict, problems } = recomputeVerdict(files);
  const [problem] = problems;
  if (problem !== undefined || verdict === null)
    return required(
      name,
      'failed',
      `The consensus ${bundle} does not hold: ${problem?.file ?? ''} ${problem?.message ?? 'it has no verdict.'} ${again}`,
    );
  if (verdict === 'ok') return required(name, 'passed', `The agents agreed (${bundle}).`);
  const message = `The agents' newest verdict is ${verdict} (${bundle}).`;
  const acceptance = acceptanceOf(files);
  if (acceptance?.accepts !== verdict) return required(name, 'failed', `${message} ${again}`);
  const waiver = { check: name, by: acceptance.by, reason: acceptance.reason };
  return { ...required(name, 'waived', `${message} ${acceptance.by} accepted it.`), waiver };
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

/** Of a bundle whose verdict was computed again, so that the synthesis is what it should be. */
function acceptanceOf(files: ReadonlyMap<string, Buffer>): Acceptance | undefined {
  const name = [...files.keys()].find(each => each.endsWith('_synthesis.json'));
  const bytes = name === undefined ? undefined : files.get(name);
  return bytes === undefined ? undefined : (Accepted.safeParse(parsed(bytes)).data?.acceptance ?? undefined);
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
