import type { AutoReport, AutoState, Halt } from '../../schemas/auto.js';
import { STAGES, type Stage } from '../../schemas/ids.js';
import type { SpecAutoInput } from '../../schemas/inputs/stages.js';
import { SpecError } from '../errors.js';
import { readLock } from '../guardrail/lock.js';
import { findPacket } from '../packet/find.js';
import { loadSettings } from '../settings/load.js';
import type { Call } from '../tool.js';
import type { Workspace } from '../workspace/workspace.js';
import { assertedStages } from './asserted-stages.js';
import { type Part, tryStage } from './attempt.js';
import { budgetHalt } from './auto-budget.js';
import { autoReport } from './auto-report.js';
import {
  AUTO_KIND,
  type Auto,
  agentsWait,
  isComplete,
  type Place,
  REOPENED,
  type Resumed,
  saved,
  saysAgreed,
  storedState,
  wasComplete,
  withAccepted,
  withEvidence,
  withSettled,
} from './auto-state.js';
import { acceptedVerdicts, assertHolds, assertVerdicts } from './earlier.js';
import { keepAlive } from './keep-alive.js';
import { createRun, readRun, takeRun, updateRun } from './run-store.js';
import { newState } from './selection.js';

/** Why a run stops before its end, and what it is then. */
export type Stop =
  | { readonly halt: Halt }
  | { readonly needs: 'implementation' | 'answers'; readonly next: Halt['resume'] };

/**
 * The stages of a spec in order, each with its guardrail and, unless skipped, its agents; stops at the first that is not
 * passed and ok. Everything is on record before it starts, so that a run whose process dies goes on where it was.
 * Throws REFUSED, naming what changed, when what it builds on does not hold; BUSY, naming the run that is active.
 */
export async function specAuto(
  { specId, resume, ...wanted }: Omit<SpecAutoInput, 'workspace' | 'waitSeconds' | 'cancel'>,
  call: Call,
): Promise<AutoReport> {
  const loaded = await loadSettings(call.workspace);
  const { docs_root: docsRoot, evidence_root: root } = loaded.settings.workspace;
  const place: Place = { loaded, root, packet: findPacket(call.workspace, docsRoot, specId) };
  const resumed =
    resume === undefined ? await begin(place, wanted, call) : await takeUp(place, resume, wanted, call);
  call.recordedAs?.(resumed.auto.runId);
  return watched(resumed, call);
}

async function begin(
  place: Place,
  wanted: Omit<SpecAutoInput, 'workspace' | 'waitSeconds' | 'specId' | 'resume'>,
  call: Call,
): Promise<Resumed> {
  const { state, before } = newState(wanted);
  const recheck = await assertHolds(place, before, call);
  if (!state.skipConsensus) await assertVerdicts(place, before, [], call);
  const { specId } = place.packet;
  const { runId } = createRun(call.workspace, place.root, { kind: AUTO_KIND, specId, stage: null, state });
  return { auto: { ...place, call, runId, state }, recheck };
}

async function takeUp(
  place: Place,
  runId: string,
  wanted: Partial<SpecAutoInput>,
  call: Call,
): Promise<Resumed> {
  const { workspace } = call;
  if (wanted.from !== undefined || wanted.to !== undefined || wanted.stages !== undefined)
    throw new SpecError(
      'INVALID_ARGUMENT',
      'A run goes on with the stages it began with. Leave out from, to and stages, or leave out resume.',
    );
  const found = readRun(workspace, place.root, runId);
  if (found.kind !== AUTO_KIND || found.specId !== place.packet.specId)
    throw new SpecError(
      'INVALID_ARGUMENT',
      `Run ${runId} is no spec_auto run of ${place.packet.specId}, so it cannot be resumed here. spec_status {"specId": "${place.packet.specId}"} shows where it stands.`,
    );
  const settled = withSettled(workspace, place, runId, storedState(found));
  const told = withEvidence(workspace, place, settled);
  const state = withAccepted(
    told,
    await acceptedVerdicts(place, told.skipConsensus ? [] : told.stages, call),
  );
  const done = state.stages.filter(stage => isComplete(state, stage));
  const { before } = newState({ stages: state.stages, skipConsensus: state.skipConsensus });
  const moved = await assertHolds(place, [...before, ...done], call);
  const agreed = state.skipConsensus ? [] : state.stages.filter(stage => saysAgreed(state, stage));
  await assertVerdicts(place, agreed, agreed, call);
  const recheck = lostItsLock(workspace, place, state)
    ? STAGES.filter(each => moved.includes(each) || each === 'implement')
    : moved;
  takeRun(workspace, place.root, runId, REOPENED);
  return { auto: saved({ ...place, call, runId, state }, state), recheck };
}

/** An unlock whose process died after it released the lock and before that was recorded: the lock is taken once more. */
function lostItsLock(workspace: Workspace, { packet: { specId } }: Place, state: AutoState): boolean {
  const unlock = state.attempts.findLast(({ stage }) => stage === 'unlock');
  return unlock?.ending === 'interrupted' && readLock(workspace, specId) === undefined;
}

/** Whatever goes wrong, the record tells that nobody works on the run any more. */
async function watched({ auto, recheck }: Resumed, call: Call): Promise<AutoReport> {
  const { workspace } = call;
  const { root, runId } = auto;
  const alive = keepAlive(workspace, root, runId, call.signal);
  let last = auto;
  try {
    const stop = await walk(
      { ...auto, call: { ...call, signal: alive.signal, partOf: runId } },
      recheck,
      next => {
        last = next;
      },
    );
    return await finish(last, stop);
  } catch (error) {
    const failure =
      error instanceof SpecError
        ? { code: error.code, message: error.message }
        : { code: 'INTERNAL', message: 'The run failed inside spec-kit-mcp.' };
    updateRun(workspace, root, runId, ({ status }) => ({
      status: status === 'cancelled' ? status : 'interrupted',
      owner: null,
      failure,
    }));
    throw error;
  } finally {
    alive.end();
  }
}

/** Step by step; undefined when all stages passed. `keep` hears of every new state. */
async function walk(
  start: Auto,
  recheck: readonly Stage[],
  keep: (auto: Auto) => void,
): Promise<Stop | undefined> {
  let auto = start;
  const take = (next: Auto) => {
    auto = next;
    keep(next);
  };
  const pending = [...recheck];
  for (;;) {
    const step = nextStep(auto.state, pending.shift());
    if (step === undefined) return undefined;
    if (step.kind === 'implementation') return { needs: 'implementation', next: resumeCall(auto) };
    const over = budgetHalt(auto, step.stage);
    if (over !== undefined) return { halt: over };
    const stop = await tryStage(auto, step.stage, step.kind, take);
    if (stop !== undefined) return stop;
  }
}

type Step = { readonly kind: Part; readonly stage: Stage } | { readonly kind: 'implementation' };

/** After implement comes the work itself, once, when there are stages after it. */
function nextStep(state: AutoState, recheck: Stage | undefined): Step | undefined {
  if (recheck !== undefined) return { kind: 'recheck', stage: recheck };
  const due = state.stages.find(stage => !isComplete(state, stage));
  const passedIt = due === undefined || STAGES.indexOf(due) > STAGES.indexOf('implement');
  if (passedIt && !state.stopped && state.stages.at(-1) !== 'implement') return { kind: 'implementation' };
  if (due === undefined) return undefined;
  if (wasComplete(state, due)) return { kind: 'recheck', stage: due };
  return { kind: agentsWait(state, due) ? 'agents' : 'stage', stage: due };
}

function resumeCall({ packet: { specId }, runId }: Auto): Halt['resume'] {
  return { tool: 'spec_auto', arguments: { specId, resume: runId } };
}

/** `done` also where it halted: the call has its answer, and the run can be taken up again all the same. */
async function finish(auto: Auto, stop: Stop | undefined): Promise<AutoReport> {
  const { workspace } = auto.call;
  const status = stop !== undefined && 'needs' in stop ? 'awaiting_output' : 'done';
  const report = autoReport(auto, stop, status, await assertedStages(auto));
  updateRun(workspace, auto.root, auto.runId, record => ({
    status: record.status === 'cancelled' ? 'cancelled' : status,
    owner: null,
    progress: null,
    result: report,
    // With the answer that tells of it, never before: a stop that nobody heard of was none.
    state: { ...auto.state, stopped: auto.state.stopped || report.needs === 'implementation' },
  }));
  return report;
}
