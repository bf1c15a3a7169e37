import type { Verdict } from '../../schemas/consensus.js';
import { STAGES, type Stage } from '../../schemas/ids.js';
import { SpecError } from '../errors.js';
import { newestSeq } from '../evidence/ledger.js';
import { readBack } from '../evidence/records.js';
import type { Workspace } from '../workspace/workspace.js';

const STRIDE = 200;

/** What the newest run with agents of each stage comes to when it is computed again; null when its evidence does not hold. */
export async function stageVerdicts(
  workspace: Workspace,
  root: string,
  specId: string,
): Promise<ReadonlyMap<Stage, Verdict | null>> {
  const newest = newestRuns(workspace, root, specId);
  if (newest.size === 0) return new Map();
  const { recordedRun } = await import('./recorded-run.js');
  const verdictOf = (stage: Stage, runId: string) => {
    try {
      return recordedRun(workspace, root, specId, stage, runId).verdict;
    } catch (error) {
      if (error instanceof SpecError) return null;
      throw error;
    }
  };
  return new Map([...newest].map(([stage, runId]) => [stage, verdictOf(stage, runId)]));
}

function newestRuns(workspace: Workspace, root: string, specId: string): ReadonlyMap<Stage, string> {
  const newest = new Map<Stage, string>();
  for (let seq = newestSeq(workspace.files, root, specId); seq > 0; seq -= STRIDE) {
    for (const { record } of readBack(workspace, root, specId, seq, STRIDE, () => false)) {
      const stage = STAGES.find(each => record.manifest.path.startsWith(`consensus/${specId}/spec-${each}_`));
      if (stage !== undefined && !newest.has(stage)) newest.set(stage, record.bundle);
    }
  }
  return newest;
}
