import * as z from 'zod';
import { Outcome, Stage, Verdict } from '../../schemas/ids.js';
import type { RunRecord } from '../../schemas/run.js';
import { SpecError } from '../errors.js';
import { findBundle } from '../evidence/find-bundle.js';
import { verifyRecorded } from '../evidence/verify-one.js';
import { decideOutcome } from '../guardrail/outcome.js';
import type { Workspace } from '../workspace/workspace.js';

/** What a result claims of one guardrail, and of the agents of a stage. */
const Guardrail = z.object({ stage: Stage, outcome: Outcome, bundle: z.string().nullable() });
const Agents = z.object({ stage: Stage, verdict: Verdict });
const Pipeline = z.object({ outcome: Outcome, stages: z.array(z.object({ outcome: Outcome.nullable() })) });
const Stages = z.object({ stages: z.array(z.unknown()) });

/**
 * The record lies in the repository, where anybody can edit it: a result that the evidence denies is not shown, and the run has
 * a failure that says so.
 */
export async function asEvidenced(workspace: Workspace, root: string, run: RunRecord): Promise<RunRecord> {
  const denied = run.result === null ? undefined : await deniedBy(workspace, root, run, run.result);
  if (denied === undefined) return run;
  const message = `its record claims ${denied}: somebody changed it. Restore it from git; no evidence depends on it.`;
  return { ...run, result: null, failure: { code: 'REFUSED', message } };
}

async function deniedBy(
  workspace: Workspace,
  root: string,
  { kind, specId, runId }: RunRecord,
  result: NonNullable<RunRecord['result']>,
): Promise<string | undefined> {
  if (kind === 'stage') return deniedVerdict(workspace, root, specId, runId, result);
  if (kind !== 'guardrail' && kind !== 'auto') return undefined;
  const claims = kind === 'guardrail' ? [result] : (Stages.safeParse(result).data?.stages ?? []);
  return (
    claims.map(claim => deniedOutcome(workspace, root, specId, claim)).find(each => each !== undefined) ??
    (kind === 'auto' ? deniedEnd(result) : undefined)
  );
}

/** An archived bundle answers, too: its files are verified where they are packed. */
function deniedOutcome(
  workspace: Workspace,
  root: string,
  specId: string,
  claim: unknown,
): string | undefined {
  const guardrail = Guardrail.safeParse(claim).data;
  if (guardrail === undefined) return undefined;
  const { stage, outcome, bundle } = guardrail;
  const recorded = bundle === null ? undefined : findBundle(workspace, root, specId, bundle);
  const predicate = recorded?.manifest?.predicate;
  if (recorded === undefined || predicate?.kind !== 'guardrail' || predicate.stage !== stage)
    return `${stage} ${outcome}, and there is no such evidence`;
  const wrong = verifyRecorded(workspace, root, specId, recorded.seq).find(
    ({ severity }) => severity === 'error',
  );
  if (wrong !== undefined) return `${stage} ${outcome}, and its evidence does not verify (${wrong.code})`;
  const really = decideOutcome(predicate.checks);
  return really === outcome ? undefined : `${stage} ${outcome}, and its evidence makes it ${really}`;
}

/** A whole that is better than its parts. */
function deniedEnd(result: unknown): string | undefined {
  const pipeline = Pipeline.safeParse(result).data;
  if (pipeline?.outcome !== 'passed') return undefined;
  return pipeline.stages.length > 0 && pipeline.stages.every(({ outcome }) => outcome === 'passed')
    ? undefined
    : 'to have passed, and not all of its stages did';
}

async function deniedVerdict(
  workspace: Workspace,
  root: string,
  specId: string,
  runId: string,
  result: unknown,
): Promise<string | undefined> {
  const agents = Agents.safeParse(result).data;
  if (agents === undefined) return undefined;
  const { stage, verdict } = agents;
  // Heavy, and not needed without agents.
  const { recordedRun } = await import('../consensus/recorded-run.js');
  try {
    const really = recordedRun(workspace, root, specId, stage, runId).verdict;
    return really === verdict ? undefined : `${verdict}, and its evidence makes it ${really}`;
  } catch (error) {
    if (error instanceof SpecError) return `${verdict}, and its evidence does not hold: ${error.message}`;
    throw error;
  }
}
