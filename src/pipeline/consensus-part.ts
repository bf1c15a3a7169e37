import type { AutoAttempt } from '../../schemas/auto.js';
import { Verdict } from '../../schemas/auto.js';
import type { Workspace } from '../workspace.js';
import { listRuns } from './run-store.js';

const LOOKED_AT = 200;

/** What the run of a stage with agents, a part of this run, has come to since the try began. */
export function childOf(
  workspace: Workspace,
  root: string,
  parent: string,
  { stage, startedAt }: Pick<AutoAttempt, 'stage' | 'startedAt'>,
): Pick<AutoAttempt, 'consensusRun' | 'verdict'> | undefined {
  const runs = listRuns(workspace, root, { limit: LOOKED_AT });
  const child = runs.find(
    run => !('code' in run) && run.parent === parent && run.stage === stage && run.startedAt >= startedAt,
  );
  if (child === undefined || 'code' in child) return undefined;
  return { consensusRun: child.runId, verdict: Verdict.safeParse(child.result?.['verdict']).data ?? null };
}
