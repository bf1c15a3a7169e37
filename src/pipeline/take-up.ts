import type { Stage } from '../../schemas/ids.js';
import type { RunRecord } from '../../schemas/run.js';
import type { Next } from '../../schemas/shared.js';

type ToolCall = NonNullable<Next>;

/** The kind of runs in which agents work out one stage, in records of runs. */
export const STAGE_KIND = 'stage';

/** The tool that has agents work out a stage, with the arguments that name it. */
export function stageCall(specId: string, stage: Stage): ToolCall {
  return stage === 'plan'
    ? { tool: 'spec_plan', arguments: { specId } }
    : { tool: 'spec_stage', arguments: { specId, stage } };
}

/** The call that goes on with a run, or waits for it; undefined when there is nothing to go on with. */
export function takeUpCall({ runId, kind, specId, stage, status }: RunRecord): ToolCall | undefined {
  if (status === 'running') return { tool: 'spec_status', arguments: { runId, waitSeconds: 45 } };
  if (status !== 'awaiting_output' && status !== 'interrupted') return undefined;
  if (kind === 'auto') return { tool: 'spec_auto', arguments: { specId, resume: runId } };
  if (kind !== STAGE_KIND || stage === null) return undefined;
  const { tool, arguments: named } = stageCall(specId, stage);
  return { tool, arguments: { ...named, runId } };
}

/** How a run is ended, by a client or by a person, to follow "end it with". */
export function endingWords({ specId, runId }: Pick<RunRecord, 'specId' | 'runId'>): string {
  const call = shownCall({ tool: 'spec_auto', arguments: { specId, cancel: runId } });
  return `${call} (\`spec-kit-mcp status --run ${runId} --cancel\`)`;
}

/** As messages write a call. */
export function shownCall({ tool, arguments: given }: ToolCall): string {
  return `${tool} ${JSON.stringify(given)}`;
}
