import type { Verdict } from '../../schemas/consensus.js';
import { STAGES, type Stage } from '../../schemas/ids.js';
import type { AgentRole } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import { newestRecords } from '../evidence/newest.js';
import type { Packet } from '../packet/find.js';
import type { Workspace } from '../workspace/workspace.js';
import { assertedRoles } from './asserted.js';
import { changedSince } from './spoken-of.js';

/** What agents came to, as far as it counts today. */
export interface StageVerdict {
  /** Computed again; null when its evidence does not hold. */
  readonly verdict: Verdict | null;
  /** Documents that are other than those it speaks about, or "?" when nobody can tell: it does not count for these. */
  readonly outdatedBy: readonly string[];
  /** Roles whose answers the caller handed in. */
  readonly asserted: readonly AgentRole[];
}

/** Of the newest run with agents of each stage. */
export async function stageVerdicts(
  workspace: Workspace,
  root: string,
  packet: Packet,
): Promise<ReadonlyMap<Stage, StageVerdict>> {
  const { specId } = packet;
  const newest = newestRuns(workspace, root, specId);
  if (newest.size === 0) return new Map();
  const { recordedRun } = await import('./recorded-run.js');
  const verdictOf = (stage: Stage, runId: string): StageVerdict => {
    try {
      const { verdict, files, answers } = recordedRun(workspace, root, specId, stage, runId);
      const outdatedBy = changedSince(workspace, packet, stage, files) ?? ['?'];
      return { verdict, outdatedBy, asserted: assertedRoles(answers.map(({ evidence }) => evidence)) };
    } catch (error) {
      if (error instanceof SpecError) return { verdict: null, outdatedBy: [], asserted: [] };
      throw error;
    }
  };
  return new Map([...newest].map(([stage, runId]) => [stage, verdictOf(stage, runId)]));
}

function newestRuns(workspace: Workspace, root: string, specId: string): ReadonlyMap<Stage, string> {
  const stageOf = (path: string) => STAGES.find(each => path.startsWith(`consensus/${specId}/spec-${each}_`));
  const newest = newestRecords(workspace, root, specId, stageOf, STAGES.length);
  return new Map([...newest].map(([stage, { record }]) => [stage, record.bundle]));
}
