import type { RunningReport, RunRecord } from '../../schemas/run.js';
import { Next } from '../../schemas/shared.js';
import type { SpecStatusReport } from '../../schemas/status.js';
import { SpecError } from '../errors.js';
import type { Call } from '../tool.js';
import type { Workspace } from '../workspace/workspace.js';
import { runUri } from './run-files.js';
import { readRun } from './run-store.js';
import { shownCall, takeUpCall } from './take-up.js';

const LOOK_MS = 200;

/** A run that goes on, as the call that started it answers. */
export function runningReport(
  { label }: Workspace,
  { runId, specId, stage, kind, status, progress }: RunRecord,
): RunningReport {
  return {
    workspace: label,
    status,
    runId,
    specId,
    stage,
    summary: `The ${kind} run of ${specId} goes on in the server${progress === null ? '' : `: ${progress.message}`}. Its result comes with spec_status; ${shownCall({ tool: 'spec_auto', arguments: { specId, cancel: runId } })} ends it.`,
    progress,
    resource: runUri(runId),
    next: { tool: 'spec_status', arguments: { runId, waitSeconds: 45 } },
  };
}

/** The record as soon as nobody works on the run any more, or as it is after `waitMs`. Throws NOT_FOUND, FILE_UNAVAILABLE, CANCELLED. */
export async function waitForRun(
  { workspace, signal, progress }: Pick<Call, 'workspace' | 'signal' | 'progress'>,
  root: string,
  runId: string,
  waitMs: number,
): Promise<RunRecord> {
  let waited = 0;
  for (;;) {
    const run = readRun(workspace, root, runId);
    if (isSettled(run) || waited >= waitMs) return run;
    await progress(waited, waitMs, run.progress?.message ?? 'running');
    const pause = Math.min(LOOK_MS, waitMs - waited);
    await workspace.wait(pause, signal);
    if (signal.aborted) throw new SpecError('CANCELLED', 'Waiting was cancelled; the run goes on.');
    waited += pause;
  }
}

/** Between the end of the work and its written result there is a moment. */
function isSettled({ status, result, failure }: RunRecord): boolean {
  if (status === 'done') return result !== null || failure !== null;
  return status !== 'running';
}

/** A whole result of 8 KB must fit beside the rest. */
const MAX_RESULT = 7000;

/** Where a run stands, as spec_status tells it. */
export function runStatus(workspace: Workspace, run: RunRecord): SpecStatusReport {
  const { runId, specId, stage, kind, status, progress, failure } = run;
  return {
    workspace: workspace.label,
    summary: `The ${kind} run of ${specId} ${standing(run)}.`,
    specId,
    runId,
    status,
    stage,
    progress,
    ...(run.result === null ? {} : { result: shortened(run.result) }),
    ...(failure === null ? {} : { failure }),
    resource: runUri(runId),
    next: nextFor(run),
  };
}

function standing({ status, progress, failure }: RunRecord): string {
  const why = failure === null ? '' : failure.message.replace(/\.$/, '');
  if (status === 'awaiting_output')
    return `waits for an answer of its caller${why === '' ? '' : `; the last call was refused: ${why}`}`;
  if (why !== '') return `is ${status}, without a result: ${why}`;
  return `is ${status}${status === 'running' && progress !== null ? `, at ${progress.message}` : ''}`;
}

function shortened(result: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (JSON.stringify(result).length <= MAX_RESULT) return { ...result };
  const short = Object.entries(result).filter(([, value]) => JSON.stringify(value ?? null).length <= 1000);
  return { ...Object.fromEntries(short), shortened: true };
}

function nextFor(run: RunRecord): Next {
  const { specId, result } = run;
  const goOn = takeUpCall(run);
  if (goOn !== undefined) return goOn;
  const after = Next.safeParse(result?.['next']).data;
  return after ?? { tool: 'spec_status', arguments: { specId } };
}
