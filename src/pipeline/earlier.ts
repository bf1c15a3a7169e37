import type { Manifest } from '../../schemas/evidence.js';
import type { Waiver } from '../../schemas/guardrail.js';
import type { Stage } from '../../schemas/ids.js';
import { SpecError } from '../errors.js';
import type { Recorded } from '../evidence/records.js';
import { guardrailOutcome, newestGuardrails } from '../evidence/stages.js';
import { verifyRecorded } from '../evidence/verify-one.js';
import type { SourceState } from '../guardrail/guardrail.js';
import { lineageOf } from '../guardrail/lineage.js';
import { sourceState } from '../guardrail/source.js';
import { newestConsensus, VERDICT_PREFIX } from '../guardrail/verdicts.js';
import { SETTINGS_FILE } from '../settings/load.js';
import type { Call } from '../tool.js';
import type { Place } from './auto-state.js';
import { onlyBudgetsChanged } from './settings-then.js';
import { shownCall } from './take-up.js';

/** Documents that a stage works from: when one changes, what the stage came to speaks about something else. */
function inputsOf(stage: Stage, packet: string): readonly string[] {
  const spec = [`${packet}/spec.md`, `${packet}/PRD.md`];
  return stage === 'plan' ? spec : [...spec, `${packet}/plan.md`];
}

/**
 * Every one of these stages has passed, its evidence verifies, and its inputs, the settings and the history are as they were.
 * The result: those whose guardrail has to run again because other source changed since. Throws REFUSED, naming what changed.
 */
export async function assertHolds(
  place: Place,
  stages: readonly Stage[],
  { workspace }: Pick<Call, 'workspace'>,
): Promise<readonly Stage[]> {
  if (stages.length === 0) return [];
  const source = await sourceState(workspace, place.loaded);
  const newest = newestGuardrails(workspace, place.root, place.packet.specId);
  const recheck: Stage[] = [];
  for (const stage of stages) {
    const recorded = newest.get(stage);
    const { predicate } = passed(place, stage, recorded, { workspace });
    const sameSettings = predicate.configDigest === place.loaded.digest;
    if (!sameSettings && !(await onlyBudgetsChanged(workspace, place.loaded, predicate)))
      throw refused(place.packet.specId, stage, `${SETTINGS_FILE} changed since it passed`);
    const moved = await movedOn(place, stage, predicate, source, { workspace });
    if (moved || !sameSettings) recheck.push(stage);
  }
  return recheck;
}

/**
 * What the agents of these stages came to last, computed again, is ok or accepted by a person. `claimed`: stages whose agents are
 * said to have agreed, so that there has to be such a verdict. Throws REFUSED.
 */
export async function assertVerdicts(
  { loaded: { settings }, packet }: Place,
  stages: readonly Stage[],
  claimed: readonly Stage[],
  { workspace }: Pick<Call, 'workspace'>,
): Promise<void> {
  if (stages.length === 0) return;
  const judging = { workspace, settings, packet };
  const newest = newestConsensus(judging, stages);
  const missing = claimed.find(stage => !newest.has(stage));
  if (missing !== undefined) throw refused(packet.specId, missing, 'no verdict of its agents is recorded');
  if (newest.size === 0) return;
  // Heavy, and not needed without agents.
  const { judgeVerdict } = await import('../guardrail/verdict.js');
  for (const [stage, recorded] of newest) {
    const { check } = judgeVerdict(judging, stage, recorded, `${VERDICT_PREFIX}${stage}`);
    if (check.status === 'failed')
      throw refused(packet.specId, stage, `its agents' verdict does not carry it: ${check.message}`);
  }
}

/** Of these stages, those whose newest verdict is not ok and a person took responsibility for, in the documents as they are. */
export async function acceptedVerdicts(
  { loaded: { settings }, packet }: Place,
  stages: readonly Stage[],
  { workspace }: Pick<Call, 'workspace'>,
): Promise<ReadonlyMap<Stage, Waiver>> {
  const judging = { workspace, settings, packet };
  const newest = stages.length === 0 ? [] : [...newestConsensus(judging, stages)];
  if (newest.length === 0) return new Map();
  const { judgeVerdict } = await import('../guardrail/verdict.js');
  return new Map(
    newest.flatMap(([stage, recorded]) => {
      const { waiver } = judgeVerdict(judging, stage, recorded, `${VERDICT_PREFIX}${stage}`);
      return waiver === undefined ? [] : [[stage, waiver] as const];
    }),
  );
}

function passed(
  { root, packet: { specId } }: Place,
  stage: Stage,
  recorded: Recorded | undefined,
  { workspace }: Pick<Call, 'workspace'>,
): Manifest {
  if (recorded === undefined) throw refused(specId, stage, 'there is no evidence of it');
  const wrong = verifyRecorded(workspace, root, specId, recorded.seq).find(
    ({ severity }) => severity === 'error',
  );
  const { bundle } = recorded.record;
  if (wrong !== undefined || recorded.manifest === undefined)
    throw refused(
      specId,
      stage,
      `its evidence ${bundle} does not verify: ${wrong?.message ?? 'no manifest.'} ${wrong?.file ?? ''}`.trim(),
    );
  const outcome = guardrailOutcome(workspace, root, stage, recorded);
  if (outcome !== 'passed') throw refused(specId, stage, `its newest evidence ${bundle} is ${outcome}`);
  return recorded.manifest;
}

async function movedOn(
  { loaded, packet }: Place,
  stage: Stage,
  { source: then }: Manifest['predicate'],
  source: SourceState,
  { workspace }: Pick<Call, 'workspace'>,
): Promise<boolean> {
  const inputs = inputsOf(stage, packet.directory);
  const open = source.changes.find(({ path }) => inputs.includes(path));
  if (open !== undefined) throw refused(packet.specId, stage, `${open.path} has uncommitted changes`);
  const lineage = await lineageOf({ workspace, settings: loaded.settings, source }, then);
  if (lineage.kind === 'here') return false;
  if (lineage.kind === 'dirty') return true;
  if (lineage.changed.length === 0) throw refused(packet.specId, stage, lineage.why);
  const changed = lineage.changed.filter(path => inputs.includes(path));
  if (changed.length > 0)
    throw refused(packet.specId, stage, `${changed.join(', ')} changed since it passed`);
  return true;
}

function refused(specId: string, stage: Stage, why: string): SpecError {
  return new SpecError(
    'REFUSED',
    `The run builds on the ${stage} stage, and ${why.replace(/\.$/, '')}. Undo that, or begin again with ${shownCall({ tool: 'spec_auto', arguments: { specId, from: stage } })}.`,
  );
}
