import type { RunRecord } from '../../schemas/run.js';
import type { Budget } from '../../schemas/settings.js';
import type { StageReport } from '../../schemas/stage-tools.js';
import { SpecError } from '../errors.js';
import { updateRun } from '../pipeline/run-store.js';
import type { LoadedSettings } from '../settings/load.js';
import type { Call } from '../tool.js';
import { type Answer, answerOf, type Seat, type StageState, type StoredState, writeState } from './state.js';

/** A run that this process owns at the moment. */
export interface Running {
  readonly call: Call;
  readonly loaded: LoadedSettings;
  /** The evidence root. */
  readonly root: string;
  readonly stored: StoredState;
  /** What the run that this one is a part of has left; empty when it is none, or has no limit. */
  readonly left: Pick<Budget, 'usd' | 'tokens'>;
}

/** Replaces the answer of its role, on disk before this returns. */
export function withAnswer(run: Running, answer: Answer): Running {
  const { state } = run.stored;
  const others = state.answers.filter(({ role, again }) => role !== answer.role || again !== answer.again);
  return withState(run, { ...state, answers: [...others, answer] });
}

export function withState(run: Running, state: StageState): Running {
  return { ...run, stored: writeState(run.call.workspace, run.root, state, run.stored.version) };
}

/** The role whose turn it is: the first that has not answered for good; undefined when all have. */
export function turnOf(state: StageState): Seat | undefined {
  return state.seats.find(seat => {
    const answer = answerOf(state, seat);
    return answer === undefined || answer.status === 'open';
  });
}

/** Gives the run back, so that the next call, of whatever process, may go on with it. */
export function release(
  { call, root, stored }: Running,
  status: RunRecord['status'],
  report?: StageReport,
): void {
  updateRun(call.workspace, root, stored.state.runId, () => ({
    status,
    owner: null,
    ...(report === undefined ? {} : { result: report }),
  }));
}

/** Throws CANCELLED when somebody ended the run meanwhile. */
export function assertGoing({ call, root, stored }: Running, message: string): void {
  const { state } = stored;
  const done = state.answers.filter(({ status }) => status !== 'open').length;
  const { status } = updateRun(call.workspace, root, state.runId, () => ({
    progress: { done, total: state.seats.length, message },
  }));
  if (status === 'running' && !call.signal.aborted) return;
  throw new SpecError(
    'CANCELLED',
    `Run ${state.runId} was cancelled. What was answered so far is not lost; nothing was decided.`,
  );
}
