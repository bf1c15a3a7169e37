import { type AutoReport, AutoState } from '../../schemas/auto.js';
import type { SpecAutoInput } from '../../schemas/inputs/stages.js';
import { SpecError } from '../errors.js';
import { evidenceRootOf } from '../settings/evidence-root.js';
import type { Call } from '../tool.js';
import { sumOf } from './auto-budget.js';
import { stageLine } from './auto-report.js';
import { AUTO_KIND } from './auto-state.js';
import { runUri } from './run-files.js';
import { cancelRun, readRun } from './run-store.js';

const UNKNOWN = { seconds: 0, usd: null, tokens: null };

/**
 * Ends a run of the spec, of whatever kind and process: its owner sees it within seconds and ends what it started. Throws
 * INVALID_ARGUMENT beside other arguments or for a run of another spec, NOT_FOUND, REFUSED when it has ended.
 */
export async function cancelledRun(
  { specId, cancel, skipConsensus: _, ...others }: Omit<SpecAutoInput, 'workspace' | 'waitSeconds'>,
  runId: string,
  { workspace }: Pick<Call, 'workspace'>,
): Promise<AutoReport> {
  const [other] = Object.entries(others).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (other !== undefined)
    throw new SpecError('INVALID_ARGUMENT', `cancel ends a run and begins none: leave out ${other}.`);
  const root = await evidenceRootOf(workspace);
  const run = readRun(workspace, root, runId);
  if (run.specId !== specId)
    throw new SpecError('INVALID_ARGUMENT', `Run ${runId} is of ${run.specId}, not of ${specId}.`);
  const { kind, status } = cancelRun(workspace, root, runId);
  const state = kind === AUTO_KIND ? AutoState.safeParse(run.state).data : undefined;
  return {
    workspace: workspace.label,
    specId,
    runId,
    status,
    outcome: 'incomplete',
    summary: `The ${kind} run is cancelled: what it started ends within seconds, what it recorded stays.`,
    stages: state === undefined ? [] : state.stages.map(stage => stageLine({ state }, stage)),
    halt: null,
    needs: null,
    waivers: [],
    spent: state === undefined ? UNKNOWN : sumOf(state.attempts.map(({ spent }) => spent)),
    resource: runUri(runId),
    next:
      state === undefined
        ? { tool: 'spec_status', arguments: { specId } }
        : { tool: 'spec_auto', arguments: { specId, resume: runId } },
  };
}
