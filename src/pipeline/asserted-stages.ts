import type { Stage } from '../../schemas/ids.js';
import type { AgentRole } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import type { Auto } from './auto-state.js';

/** Of each stage with a verdict, the roles whose answers the caller handed in; told by the evidence, not by the record. */
export async function assertedStages({
  state,
  root,
  packet: { specId },
  call: { workspace },
}: Auto): Promise<ReadonlyMap<Stage, readonly AgentRole[]>> {
  const runs = new Map(
    state.attempts.flatMap(({ stage, verdict, consensusRun }) =>
      verdict === null || consensusRun === null ? [] : [[stage, consensusRun] as const],
    ),
  );
  if (runs.size === 0) return new Map();
  // Heavy, and not needed without agents.
  const { recordedRun } = await import('../consensus/recorded-run.js');
  const { assertedRoles } = await import('../consensus/asserted.js');
  const rolesOf = (stage: Stage, runId: string) => {
    try {
      const { answers } = recordedRun(workspace, root, specId, stage, runId);
      return assertedRoles(answers.map(({ evidence }) => evidence));
    } catch (error) {
      if (error instanceof SpecError) return [];
      throw error;
    }
  };
  const all = [...runs].map(([stage, runId]) => [stage, rolesOf(stage, runId)] as const);
  return new Map(all.filter(([, roles]) => roles.length > 0));
}
