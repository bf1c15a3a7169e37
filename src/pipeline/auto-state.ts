import { type AutoAttempt, AutoState } from '../../schemas/auto.js';
import type { Waiver } from '../../schemas/guardrail.js';
import type { Stage } from '../../schemas/ids.js';
import type { RunRecord } from '../../schemas/run.js';
import { SpecError } from '../errors.js';
import { findBundle } from '../evidence/find-bundle.js';
import { guardrailOutcome, newestGuardrails } from '../evidence/stages.js';
import { discardUnfinished } from '../evidence/unfinished.js';
import { decideOutcome } from '../guardrail/outcome.js';
import { VERDICT_PREFIX } from '../guardrail/verdicts.js';
import type { Packet } from '../packet/find.js';
import type { LoadedSettings } from '../settings/load.js';
import type { Call } from '../tool.js';
import type { Workspace } from '../workspace/workspace.js';
import { childOf } from './consensus-part.js';
import { runPath } from './run-files.js';
import { updateRun } from './run-store.js';

export const AUTO_KIND = 'auto';

/** A run that halted or was cancelled can be taken up again: its stages are on record. */
export const REOPENED: readonly RunRecord['status'][] = ['done', 'cancelled'];

/** What a run works on. */
export interface Place {
  readonly loaded: LoadedSettings;
  /** The evidence root. */
  readonly root: string;
  readonly packet: Packet;
}

/** A run that this process owns; `state` is what its record holds. */
export interface Auto extends Place {
  readonly call: Call;
  readonly runId: string;
  readonly state: AutoState;
}

/** A run at its start or where it was left, and the stages whose guardrails must run again first. */
export interface Resumed {
  readonly auto: Auto;
  readonly recheck: readonly Stage[];
}

/** On disk before this returns. */
export function saved(auto: Auto, state: AutoState): Auto {
  updateRun(auto.call.workspace, auto.root, auto.runId, () => ({
    state,
    stage: state.attempts.at(-1)?.stage ?? null,
  }));
  return { ...auto, state };
}

/** Throws FILE_UNAVAILABLE for a record whose state was spoilt. */
export function storedState({ runId, state }: RunRecord): AutoState {
  const parsed = AutoState.safeParse(state);
  if (parsed.success) return parsed.data;
  throw new SpecError(
    'FILE_UNAVAILABLE',
    `The record of run ${runId} does not tell its stages any more, so it cannot go on. Begin again with spec_auto and \`from\`; the evidence is untouched.`,
  );
}

/** Its newest try passed, and the agents agreed unless none are asked. A recheck that came to nothing changes nothing. */
export function isComplete({ attempts, ...state }: AutoState, stage: Stage): boolean {
  const tries = attempts.filter(
    ({ stage: of, kind, outcome }) => of === stage && (kind === 'stage' || outcome !== null),
  );
  if (tries.at(-1)?.outcome !== 'passed') return false;
  return state.skipConsensus || saysAgreed({ ...state, attempts: tries }, stage);
}

/** The newest verdict of its agents on record is ok or accepted by a person. The record is a claim: the evidence decides. */
export function saysAgreed({ attempts }: AutoState, stage: Stage): boolean {
  const newest = attempts.findLast(each => each.stage === stage && each.verdict !== null);
  return newest !== undefined && (newest.verdict === 'ok' || isAccepted(newest));
}

function isAccepted({ waivers }: AutoAttempt): boolean {
  return waivers.some(isOfVerdict);
}

/** Only a person's acceptance waives a verdict. */
export function isOfVerdict({ check }: Waiver): boolean {
  return check.startsWith(VERDICT_PREFIX);
}

/** Each waiver of a verdict stands in the newest try of its stage that came to one. */
export function withAccepted(state: AutoState, accepted: ReadonlyMap<Stage, Waiver>): AutoState {
  const decided = new Map(
    state.attempts.flatMap((each, index) => (each.verdict === null ? [] : [[each.stage, index]])),
  );
  const attempts = state.attempts.map((each, index) => {
    const waiver = decided.get(each.stage) === index ? accepted.get(each.stage) : undefined;
    return waiver === undefined || isAccepted(each) ? each : { ...each, waivers: [...each.waivers, waiver] };
  });
  return { ...state, attempts };
}

/** Its guardrail passed in the newest try, and a run of its agents has not come to a verdict. */
export function agentsWait({ attempts, skipConsensus }: AutoState, stage: Stage): boolean {
  const newest = attempts.findLast(each => each.stage === stage && each.kind === 'stage');
  if (skipConsensus || newest?.outcome !== 'passed') return false;
  return newest.verdict === null && newest.consensusRun !== null;
}

/** It passed once, whatever came later: then its guardrail alone runs again. */
export function wasComplete({ attempts, ...state }: AutoState, stage: Stage): boolean {
  return isComplete({ ...state, attempts: attempts.filter(({ kind }) => kind === 'stage') }, stage);
}

/**
 * A try that was going on when its process died either recorded its evidence, which is found in the ledger, or did not,
 * which is then on record.
 */
export function withSettled(
  workspace: Workspace,
  { root, packet: { specId } }: Place,
  runId: string,
  state: AutoState,
): AutoState {
  const settle = (attempt: AutoAttempt): AutoAttempt => {
    if (attempt.endedAt !== null) return attempt;
    const recorded = newestGuardrails(workspace, root, specId).get(attempt.stage);
    const child = state.skipConsensus ? undefined : childOf(workspace, root, runId, attempt);
    const left = discardUnfinished(workspace, root, {
      specId,
      prefix: `spec-${attempt.stage}`,
      since: new Date(attempt.startedAt),
    });
    if (recorded === undefined || recorded.seq <= attempt.ledger)
      return {
        ...attempt,
        ...child,
        endedAt: workspace.now().toISOString(),
        ending: 'interrupted',
        why: `its process died before anything was recorded${left === 0 ? '' : `; ${left} unfinished files were removed`}`,
      };
    return {
      ...attempt,
      ...child,
      endedAt: recorded.record.at,
      ending: 'ended',
      outcome: guardrailOutcome(workspace, root, attempt.stage, recorded),
      bundle: recorded.record.bundle,
      paths: [`${root}/${recorded.record.manifest.path}`],
      waivers: [...(recorded.manifest?.predicate.waivers ?? [])],
      why: 'its process died after the evidence was recorded',
    };
  };
  return { ...state, attempts: state.attempts.map(settle) };
}

/**
 * What the record tells of each try, as its evidence has it: outcome and waivers are those of the bundle. A try whose bundle
 * is not there came to nothing. Whether a person accepted a verdict is looked up again, too.
 */
export function withEvidence(
  workspace: Workspace,
  { root, packet: { specId } }: Place,
  state: AutoState,
): AutoState {
  const attempts = state.attempts.map((attempt): AutoAttempt => {
    const { stage, bundle } = attempt;
    const found = bundle === null ? undefined : findBundle(workspace, root, specId, bundle);
    const predicate = found?.manifest?.predicate;
    if (predicate?.kind !== 'guardrail' || predicate.stage !== stage)
      return { ...attempt, outcome: null, bundle: null, waivers: [] };
    return { ...attempt, outcome: decideOutcome(predicate.checks), waivers: [...predicate.waivers] };
  });
  return { ...state, attempts };
}

/** Where the record of the run lies. */
export function recordPath({ root, runId }: Auto): string {
  return runPath(root, runId);
}
