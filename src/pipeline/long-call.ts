import type { RunProgress, RunRecord } from '../../schemas/run.js';
import { SpecError } from '../errors.js';
import { evidenceRootOf } from '../settings/evidence-root.js';
import type { Call, RunSubject } from '../tool.js';
import type { Workspace } from '../workspace/workspace.js';
import { activeRun, runIsActive } from './active-run.js';
import { createRun, readRun, updateRun } from './run-store.js';

/** Looked at this often, so that a caller hears something at least every 4 s. */
const PULSE_MS = 2000;
/** The record of a run is looked at this often, and written at least every so often. */
const LOOK_MS = 1000;
const RECORD_MS = 5000;

type Json = Record<string, unknown>;

/** How a call is answered, and what goes on when its caller stops waiting. */
export interface LongCall extends Pick<Call, 'workspace' | 'progress'> {
  readonly root: string;
  readonly subject: RunSubject;
  readonly waitMs: number;
  /** Of the caller; once the call is a run, only cancelling the run ends it. */
  readonly signal: AbortSignal;
  /** When the record of a run has changed. */
  changed(runId: string): void;
  /** What went wrong although nobody expected it; the sentence may be shown. */
  explain(error: unknown): { readonly code: string; readonly message: string };
}

/** The work: told how to report, when to stop, and where to name a record of its own. */
export type Work = (call: Pick<Call, 'signal' | 'progress' | 'recordedAs'>) => Promise<Json>;

/** Throws BUSY when a run of the spec is going on, whoever has it. */
export async function assertNoOtherRun(workspace: Workspace, specId: string): Promise<void> {
  const active = activeRun(workspace, await evidenceRootOf(workspace), specId);
  if (active?.status === 'running') throw runIsActive(active);
}

/**
 * The output of the work when it is done within `waitMs`, else the record of the run that it goes on as. Until then a
 * cancelled call ends the work; afterwards a cancelled record does. Progress is told again and again, so that a client knows
 * that the call lives.
 */
export async function answerInTime(
  call: LongCall,
  work: Work,
): Promise<{ output: Json } | { run: RunRecord }> {
  const { workspace, signal, subject } = call;
  const stop = new AbortController();
  const over = new AbortController();
  const cancel = () => stop.abort(signal.reason);
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  const pulse = startPulse(call, over.signal);
  let recorded: string | undefined;
  let tell = () => {};
  const told = new Promise<void>(resolve => {
    tell = resolve;
  });
  const working = work({
    signal: stop.signal,
    progress: pulse.report,
    recordedAs: runId => {
      recorded = runId;
      tell();
    },
  }).finally(() => {
    over.abort();
    tell();
  });
  // A core that keeps its own record has begun it within moments; a second record beside it would lead nowhere.
  const late = workspace
    .wait(call.waitMs, over.signal)
    .then(() => (subject.ownRecord ? told : undefined))
    .then(() => undefined);
  try {
    const output = await Promise.race([working, late]);
    if (output !== undefined) return { output };
    const run = over.signal.aborted || signal.aborted ? undefined : beginRun(call, recorded, pulse.latest());
    if (run === undefined) return { output: await working };
    pulse.hush();
    void goOn(call, run.runId, working, stop, over.signal, pulse);
    return { run };
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

interface Pulse {
  report: Call['progress'];
  latest(): RunProgress | null;
  /** Nobody listens any more; what is reported is kept all the same. */
  hush(): void;
}

/** Repeats the last step every few seconds, each time a little further, as the protocol wants it. */
function startPulse({ workspace, progress }: LongCall, over: AbortSignal): Pulse {
  let latest: RunProgress | null = null;
  let repeats = 0;
  let heard = true;
  let spoken = false;
  const beat = async () => {
    for (;;) {
      spoken = false;
      await workspace.wait(PULSE_MS, over);
      if (over.aborted || !heard) return;
      if (spoken) continue;
      repeats += 1;
      const { done, total, message } = latest ?? { done: 0, total: 1, message: 'working' };
      await progress(done + 1 - 1 / (1 + repeats / 100), total, message);
    }
  };
  void beat().catch(() => {});
  return {
    async report(done, total, message) {
      latest = { done, total, message };
      repeats = 0;
      spoken = true;
      if (heard) await progress(done, total, message);
    },
    latest: () => latest,
    hush() {
      heard = false;
    },
  };
}

/**
 * The record that the work keeps itself, or one that begins now; beside another run of the spec it is an extra one.
 * Undefined when none can be written: then the caller has to wait.
 */
function beginRun(
  call: LongCall,
  recorded: string | undefined,
  progress: RunProgress | null,
): RunRecord | undefined {
  const { workspace, root } = call;
  try {
    const runId = recorded ?? createBeside(call).runId;
    return updateRun(workspace, root, runId, () => ({ progress }));
  } catch (error) {
    call.explain(error);
    return undefined;
  }
}

function createBeside({ workspace, root, subject }: LongCall): RunRecord {
  try {
    return createRun(workspace, root, subject);
  } catch (error) {
    if (!(error instanceof SpecError) || error.code !== 'BUSY') throw error;
    return createRun(workspace, root, { ...subject, exclusive: false });
  }
}

/** Keeps the record alive until the work ends, then writes what came of it. */
async function goOn(
  call: LongCall,
  runId: string,
  working: Promise<Json>,
  stop: AbortController,
  over: AbortSignal,
  { latest }: Pulse,
): Promise<void> {
  const { workspace, root, changed } = call;
  const ended = settle(call, working);
  while (!over.aborted) {
    await workspace.wait(LOOK_MS, over);
    if (over.aborted) break;
    try {
      const { status } = beatRecord(workspace, root, runId, latest());
      if (status === 'cancelled') stop.abort(new SpecError('CANCELLED', 'The run was cancelled.'));
    } catch {
      // A record that cannot be written now is written at the end; the work is worth more.
    }
  }
  const end = await ended;
  try {
    updateRun(workspace, root, runId, ({ status, result }) => ({
      ...(status === 'running' ? { status: 'done', owner: null } : {}),
      progress: latest(),
      ...('result' in end ? { result: result ?? end.result } : { failure: end.failure }),
    }));
  } catch (error) {
    call.explain(error);
  }
  changed(runId);
}

/** Only when there is something to tell: each write is a new version of a file. */
function beatRecord(
  workspace: Workspace,
  root: string,
  runId: string,
  progress: RunProgress | null,
): RunRecord {
  const before = readRun(workspace, root, runId);
  const silent = workspace.now().getTime() - Date.parse(before.updatedAt) >= RECORD_MS;
  const news = JSON.stringify(before.progress) !== JSON.stringify(progress);
  if (before.status !== 'running' || !(silent || news)) return before;
  return updateRun(workspace, root, runId, () => ({ progress }));
}

async function settle(
  { explain }: LongCall,
  working: Promise<Json>,
): Promise<{ result: Json } | { failure: { code: string; message: string } }> {
  try {
    return { result: await working };
  } catch (error) {
    return { failure: explain(error) };
  }
}
