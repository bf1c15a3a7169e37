import { type AutoAttempt, type Halt, type Spent, Verdict } from '../../schemas/auto.js';
import type { GuardrailReport } from '../../schemas/guardrail.js';
import type { StageReport } from '../../schemas/stage-tools.js';
import { runFolder } from '../consensus/state.js';
import { bundlePath } from '../evidence/layout.js';
import type { Call } from '../tool.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Auto } from './auto-state.js';
import { listRuns } from './run-store.js';

const LOOKED_AT = 200;
const MAX_TELEMETRY = 1024 * 1024;
const UNKNOWN: Omit<Spent, 'seconds'> = { usd: null, tokens: null };

/** What the agents of a stage came to, as far as they came. */
export interface Agreed {
  readonly fields: Pick<AutoAttempt, 'consensusRun' | 'verdict' | 'paths'> & {
    readonly cost: Omit<Spent, 'seconds'>;
  };
  readonly findings: Halt['findings'];
  /** The call that answers the question that waits; undefined when none does. */
  readonly waitsFor: Halt['resume'] | undefined;
}

/** Asks the agents after a passed guardrail, as a part of this run, or goes on with a run of theirs that waits. */
export async function askAgents(
  { packet: { specId }, runId, state: { goal }, root }: Auto,
  stage: AutoAttempt['stage'],
  call: Call,
  from: { readonly guardrail: GuardrailReport } | { readonly consensusRun: string },
): Promise<Agreed> {
  // Heavy, and not needed without agents.
  const { runStage } = await import('../consensus/stage.js');
  const report =
    'guardrail' in from
      ? await runStage({ specId, stage, ...(goal === null ? {} : { goal }) }, call, {
          runId,
          guardrail: from.guardrail,
        })
      : await runStage({ specId, stage, runId: from.consensusRun }, call);
  const cost = report.runId === null ? UNKNOWN : costOf(call.workspace, root, specId, stage, report.runId);
  return {
    fields: {
      consensusRun: report.runId,
      verdict: report.verdict,
      paths: report.synthesis === undefined ? [] : [report.synthesis],
      cost,
    },
    findings: findingsOf(report),
    waitsFor: report.status === 'awaiting_output' ? report.next : undefined,
  };
}

function findingsOf({ findings = [], agents = [] }: StageReport): Halt['findings'] {
  const missing = agents.filter(({ status }) => status === 'missing' || status === 'invalid');
  return [
    ...findings.map(({ rule, severity, detail, how_to_clear }) => ({
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

/** From the telemetry line that the stage wrote; null where the providers did not tell. */
function costOf(
  { files }: Workspace,
  root: string,
  specId: string,
  stage: string,
  run: string,
): Omit<Spent, 'seconds'> {
  const path = `${root}/${bundlePath('consensus', specId, `spec-${stage}_${run}_telemetry.jsonl`)}`;
  const { kind, size } = files.info(path);
  if (kind !== 'file' || size > MAX_TELEMETRY) return UNKNOWN;
  try {
    const [line = ''] = (files.read(path, MAX_TELEMETRY)?.bytes.toString() ?? '').split('\n');
    const { consensus } = Object(JSON.parse(line));
    const { total_cost_usd: usd, total_tokens: tokens } = Object(consensus);
    return {
      usd: typeof usd === 'number' ? usd : null,
      tokens: Number.isSafeInteger(tokens) ? tokens : null,
    };
  } catch {
    return UNKNOWN;
  }
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
