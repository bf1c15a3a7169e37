import type { GuardrailReport } from '../../schemas/guardrail.js';
import type { Stage } from '../../schemas/ids.js';
import type { SpecPlanInput } from '../../schemas/inputs/stages.js';
import type { RunRecord } from '../../schemas/run.js';
import type { StageReport } from '../../schemas/stage-tools.js';
import { SpecError } from '../errors.js';
import { runGuardrail } from '../guardrail/run.js';
import { sourceState } from '../guardrail/source.js';
import { findPacket } from '../packet/find.js';
import { activeRun, runIsActive } from '../pipeline/active-run.js';
import { createRun, takeRun, updateRun } from '../pipeline/run-store.js';
import { endingWords, STAGE_KIND } from '../pipeline/take-up.js';
import { type LoadedSettings, loadSettings } from '../settings/load.js';
import type { Call } from '../tool.js';
import type { Workspace } from '../workspace/workspace.js';
import { askSeat } from './ask-seat.js';
import { begun, type Prepared, prepare } from './begin.js';
import { stoppedByBudget } from './budget.js';
import { conclude } from './conclude.js';
import { dryRun } from './dry-run.js';
import { escalated } from './escalate.js';
import { finish } from './finish.js';
import { goOn } from './go-on.js';
import { fitted, preflightReport } from './report.js';
import { assertGoing, type Running, turnOf } from './running.js';
import { serveQuestion } from './serve-question.js';
import { readState, runFolder, type StageState, writeState } from './state.js';
import { submit } from './submit.js';
import { takenUp } from './taken-up.js';
import { removeCancelled } from './work-files.js';

export type StageInput = Omit<SpecPlanInput, 'workspace' | 'waitSeconds'> & { readonly stage: Stage };

/** The run that a stage is a part of. */
export interface StageParent {
  readonly runId: string;
  /** Of the stage, just run; it is not run again. Undefined when its agents go on. */
  readonly guardrail: GuardrailReport | undefined;
  readonly left: Running['left'];
}

/**
 * A stage with agents: its guardrail, preflight, the agents in order, synthesis, evidence. Whoever answers as the caller
 * gets one question at a time, and the run waits on disk in between. A guardrail that did not pass stops before anyone is asked.
 */
export async function runStage(input: StageInput, call: Call, parent?: StageParent): Promise<StageReport> {
  return fitted(
    input.runId === undefined
      ? await start(input, call, parent)
      : await resume(input, input.runId, call, parent),
  );
}

async function start(input: StageInput, call: Call, parent: StageParent | undefined): Promise<StageReport> {
  const { workspace } = call;
  if (input.agent !== undefined || input.output !== undefined)
    throw new SpecError(
      'INVALID_ARGUMENT',
      'agent and output answer a question of a run, so they need its runId. Call without them to begin a run.',
    );
  const loaded = await loadSettings(workspace);
  const { docs_root, evidence_root: root } = loaded.settings.workspace;
  const packet = findPacket(workspace, docs_root, input.specId);
  const prepared = await prepare(workspace, loaded, packet, input.stage, input.goal);
  if (input.dryRun === true) return dryRun(workspace, loaded, root, prepared);
  const active = parent === undefined ? activeRun(workspace, root, input.specId) : undefined;
  if (active !== undefined) throw runIsActive(active);
  removeCancelled(workspace, root, input.specId);
  const { runId, startedAt } = createRun(workspace, root, {
    kind: STAGE_KIND,
    specId: input.specId,
    stage: input.stage,
    ...(parent === undefined ? {} : { parent: parent.runId }),
  });
  call.recordedAs?.(runId);
  return settled(call, root, runId, async () => {
    const guardrail =
      parent?.guardrail ??
      (await runGuardrail({ specId: input.specId, stage: input.stage, baselineMode: undefined }, call));
    if (guardrail.outcome !== 'passed') return stopped(call, root, runId, prepared, guardrail);
    const source = await sourceState(workspace, loaded);
    const state = begun(prepared, { runId, startedAt }, guardrail, source);
    const stored = writeState(workspace, root, state, undefined);
    return advance({ call, loaded, root, stored, left: parent?.left ?? {} }, input.write === true);
  });
}

async function resume(
  input: StageInput,
  runId: string,
  call: Call,
  parent: StageParent | undefined,
): Promise<StageReport> {
  const loaded = await loadSettings(call.workspace);
  const root = loaded.settings.workspace.evidence_root;
  const ended = await goOn(input, runId, call, root);
  if (ended !== undefined) return ended;
  takeRun(call.workspace, root, runId);
  call.recordedAs?.(runId);
  return settled(call, root, runId, async () => {
    const { specId, stage } = input;
    assertSameSettings(loaded, readState(call.workspace, root, runId).state);
    const stored = await takenUp(call.workspace, loaded, { specId, stage, runId });
    const run = { call, loaded, root, stored, left: parent?.left ?? {} };
    const next = input.output === undefined ? run : submit(run, input.agent, input.output);
    return advance(next, input.write === true);
  });
}

/** Who is asked, and where prompts go, was decided when the run began. */
function assertSameSettings({ digest }: LoadedSettings, state: StageState): void {
  if (digest === state.configDigest) return;
  throw new SpecError(
    'REFUSED',
    `spec-kit.toml changed since run ${state.runId} began, and its agents were chosen by the old one. Restore it, or end the run with ${endingWords(state)} and begin a new one.`,
  );
}

/** Whatever goes wrong, the run does not stay with this process, and what was answered so far is not lost. */
async function settled(
  { workspace }: Call,
  root: string,
  runId: string,
  work: () => Promise<StageReport>,
): Promise<StageReport> {
  try {
    return await work();
  } catch (error) {
    const failure =
      error instanceof SpecError
        ? { code: error.code, message: error.message }
        : { code: 'INTERNAL', message: 'The run failed inside the server.' };
    const rest = restingStatus(workspace, root, runId);
    updateRun(workspace, root, runId, ({ status }) =>
      status === 'running' ? { status: rest, owner: null, failure } : {},
    );
    throw error;
  }
}

/** A run that has not begun to ask cannot go on; one that waits for its caller waits on. */
function restingStatus(workspace: Workspace, root: string, runId: string): RunRecord['status'] {
  if (workspace.files.info(`${runFolder(root, runId)}/state.json`).kind !== 'file') return 'cancelled';
  const turn = turnOf(readState(workspace, root, runId).state);
  return turn?.mode === 'client' ? 'awaiting_output' : 'interrupted';
}

async function advance(from: Running, write: boolean): Promise<StageReport> {
  let run = from;
  for (let seat = turnOf(run.stored.state); seat !== undefined; seat = turnOf(run.stored.state)) {
    const { seats } = run.stored.state;
    await run.call.progress(seats.indexOf(seat), seats.length, `${seat.role} (${seat.title})`);
    assertGoing(run, seat.role);
    if (seat.mode === 'client') return serveQuestion(run, seat);
    run = stoppedByBudget(run, seat) ?? (await askSeat(run, seat));
  }
  const conclusion = await conclude(run);
  const again = escalated(run, conclusion.synthesis);
  return again === undefined ? finish(run, conclusion, write) : advance(again, write);
}

function stopped(
  { workspace }: Call,
  root: string,
  runId: string,
  prepared: Prepared,
  { outcome, bundle, resource, checks, next }: GuardrailReport,
): StageReport {
  const wrong = checks.filter(({ status }) => status === 'failed' || status === 'not_run');
  const report: StageReport = {
    workspace: workspace.label,
    specId: prepared.specId,
    stage: prepared.stage,
    status: 'stopped',
    verdict: null,
    summary: `The ${prepared.stage} guardrail is ${outcome}, so no agent was asked. ${wrong
      .slice(0, 3)
      .map(({ name, message }) => `${name}: ${message.slice(0, 200)}`)
      .join(' ')}`,
    runId,
    guardrail: { outcome, bundle },
    preflight: preflightReport(prepared, []),
    resource,
    next,
  };
  updateRun(workspace, root, runId, () => ({ status: 'done', owner: null, result: report }));
  return report;
}
