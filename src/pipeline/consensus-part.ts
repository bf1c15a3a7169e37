import * as z from 'zod';
import { type AutoAttempt, type Halt, type Spent, Verdict } from '../../schemas/auto.js';
import type { GuardrailReport } from '../../schemas/guardrail.js';
import type { StageReport } from '../../schemas/stage-tools.js';
import { AgentMetrics } from '../../schemas/telemetry-v2.js';
import { runFolder } from '../consensus/state.js';
import { bundlePath } from '../evidence/layout.js';
import { parsed } from '../evidence/records.js';
import type { Call } from '../tool.js';
import type { Workspace } from '../workspace/workspace.js';
import { leftFor, sumOf } from './auto-budget.js';
import type { Auto } from './auto-state.js';
import { listRuns } from './run-store.js';

const LOOKED_AT = 200;
const MAX_METRICS = 1024 * 1024;
const Metrics = z.object({ usage: AgentMetrics.shape.usage, cost: AgentMetrics.shape.cost });

/** What the agents of a stage came to, as far as they came. */
export interface Agreed {
  readonly fields: Pick<AutoAttempt, 'consensusRun' | 'verdict' | 'paths'> & {
    readonly cost: Omit<Spent, 'seconds'>;
  };
  readonly findings: Halt['findings'];
  /** The call that answers the question that waits; undefined when none does. */
  readonly waitsFor: Halt['resume'] | undefined;
  readonly budgetStop: StageReport['budgetStop'];
}

/** Asks the agents after a passed guardrail, as a part of this run, or goes on with a run of theirs that waits. */
export async function askAgents(
  auto: Auto,
  stage: AutoAttempt['stage'],
  call: Call,
  from: { readonly guardrail: GuardrailReport } | { readonly consensusRun: string },
): Promise<Agreed> {
  const { runId, root } = auto;
  const { specId } = auto.packet;
  const { goal } = auto.state;
  const left = leftFor(auto, stage);
  // Heavy, and not needed without agents.
  const { runStage } = await import('../consensus/stage.js');
  const report =
    'guardrail' in from
      ? await runStage({ specId, stage, ...(goal === null ? {} : { goal }) }, call, {
          runId,
          guardrail: from.guardrail,
          left,
        })
      : await runStage({ specId, stage, runId: from.consensusRun }, call, {
          runId,
          guardrail: undefined,
          left,
        });
  const cost = costOf(call.workspace, root, report);
  return {
    fields: {
      consensusRun: report.runId,
      verdict: report.verdict,
      paths: report.synthesis === undefined ? [] : [report.synthesis],
      cost,
    },
    findings: findingsOf(report),
    waitsFor: report.status === 'awaiting_output' ? report.next : undefined,
    budgetStop: report.budgetStop,
  };
}

function findingsOf({ findings = [], agents = [] }: StageReport): Halt['findings'] {
  const missing = agents.filter(({ status }) => status === 'missing' || status === 'invalid');
  return [
    ...findings
      .filter(({ severity }) => severity !== 'info')
      .map(({ rule, severity, detail, how_to_clear }) => ({
        name: rule,
        status: severity,
        message: `${detail} ${how_to_clear}`,
      })),
    ...missing.map(({ agent, status, error }) => ({
      name: agent,
      status,
      message: error ?? 'no valid answer',
    })),
  ];
}

/**
 * What the agents took that were asked by the server: an answer that the caller hands in costs it nothing. Null where
 * nobody can tell.
 */
function costOf(
  { files }: Workspace,
  root: string,
  { specId, stage, runId, agents = [] }: StageReport,
): Omit<Spent, 'seconds'> {
  const asked = agents.filter(({ mode, attempts }) => mode !== 'client' && attempts > 0);
  const parts = [...new Set(asked.map(({ agent }) => agent))].map((agent): Spent => {
    const path = `${root}/${bundlePath('consensus', specId, `spec-${stage}_${runId}_${agent}_metrics.json`)}`;
    const bytes = files.info(path).kind === 'file' ? files.read(path, MAX_METRICS)?.bytes : undefined;
    const metrics = bytes === undefined ? undefined : Metrics.safeParse(parsed(bytes)).data;
    const { input = null, output = null } = metrics?.usage ?? {};
    const tokens = input === null || output === null ? null : input + output;
    return { seconds: 0, usd: metrics?.cost.usd ?? null, tokens };
  });
  const { usd, tokens } = sumOf(parts);
  return { usd, tokens };
}

/** The run of a stage with agents, a part of this run, that the try began and that can be gone on with. */
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
  const waits = workspace.files.info(`${runFolder(root, child.runId)}/state.json`).kind === 'file';
  if (child.status !== 'done' && !waits) return undefined;
  return { consensusRun: child.runId, verdict: Verdict.safeParse(child.result?.['verdict']).data ?? null };
}
