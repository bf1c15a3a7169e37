import type { RunRecord } from '../../schemas/run.js';
import { StageReport } from '../../schemas/stage-tools.js';
import { SpecError } from '../errors.js';
import { readRun } from '../pipeline/run-store.js';
import { STAGE_KIND, shownCall } from '../pipeline/take-up.js';
import type { Call } from '../tool.js';
import type { Workspace } from '../workspace/workspace.js';
import type { StageInput } from './stage.js';
import { writeDocument } from './write-document.js';

/**
 * What a call for an existing run gets when there is nothing to go on with: where it stands, or its result. Undefined when
 * the run waits or was interrupted, so that this process may take it.
 * Throws NOT_FOUND, INVALID_ARGUMENT for a run of something else, REFUSED for an answer to a run that has ended, BUSY.
 */
export async function goOn(
  input: StageInput,
  runId: string,
  { workspace }: Call,
  root: string,
): Promise<StageReport | undefined> {
  const record = readRun(workspace, root, runId);
  assertSame(input, record);
  const { status } = record;
  if (status === 'awaiting_output' || status === 'interrupted') return undefined;
  if (status === 'running') return stillRunning(input, record, workspace.label);
  if (input.output !== undefined)
    throw new SpecError(
      'REFUSED',
      `Run ${runId} has ended (${status}), so no answer is taken any more. Begin a new run.`,
    );
  // A call that did not wait for an answer left what it said then; only the end is a result.
  const report = status === 'done' ? StageReport.safeParse(record.result).data : undefined;
  if (report === undefined)
    throw new SpecError(
      'REFUSED',
      `Run ${runId} was ended (${status}) before it came to a result. Begin a new run.`,
    );
  await assertRecorded(input, report, runId, { workspace, root });
  return input.write === true ? writeDocument(workspace, root, report) : report;
}

/** A record of a run lies in the repository and is a claim: what it says of the verdict counts when the evidence says so, too. */
async function assertRecorded(
  { specId, stage }: StageInput,
  report: StageReport,
  runId: string,
  { workspace, root }: { readonly workspace: Workspace; readonly root: string },
): Promise<void> {
  const isOwn = report.runId === runId && report.specId === specId && report.stage === stage;
  if (isOwn && report.verdict === null && report.document === undefined) return;
  // Heavy, and not needed for a run that came to nothing.
  const { recordedRun } = await import('./recorded-run.js');
  const { verdict } = recordedRun(workspace, root, specId, stage, runId);
  if (isOwn && verdict === report.verdict) return;
  throw new SpecError(
    'REFUSED',
    `The record of run ${runId} claims ${report.verdict ?? 'no verdict'}, and its evidence comes to ${verdict}: somebody changed the record. Restore it from git, or begin a new run.`,
  );
}

function assertSame(input: StageInput, { runId, kind, specId, stage }: RunRecord): void {
  if (kind === STAGE_KIND && specId === input.specId && stage === input.stage) {
    if (input.goal === undefined && input.dryRun !== true) return;
    throw new SpecError(
      'INVALID_ARGUMENT',
      `goal and dryRun are for the beginning of a run, and ${runId} has begun. Leave them out.`,
    );
  }
  throw new SpecError(
    'INVALID_ARGUMENT',
    `Run ${runId} is of ${kind} ${stage ?? ''} of ${specId}, not of ${input.stage} of ${input.specId}. ${shownCall({ tool: 'spec_status', arguments: { runId } })} shows how it goes on.`,
  );
}

function stillRunning(input: StageInput, record: RunRecord, label: string): StageReport {
  if (input.output !== undefined)
    throw new SpecError(
      'BUSY',
      `Run ${record.runId} is working at the moment and takes no answer. Ask again when it waits.`,
    );
  return {
    workspace: label,
    specId: input.specId,
    stage: input.stage,
    status: 'running',
    verdict: null,
    summary: `The run is going on${record.progress === null ? '' : `: ${record.progress.message}`}.`,
    runId: record.runId,
    guardrail: null,
    next: { tool: 'spec_status', arguments: { runId: record.runId } },
  };
}
