import type { StageReport } from '../../schemas/stage-tools.js';
import { SpecError } from '../errors.js';
import { fileText } from '../evidence/read-bundle.js';
import { findPacket } from '../packet/find.js';
import { updateRun } from '../pipeline/run-store.js';
import { loadSettings } from '../settings/load.js';
import { specRows } from '../tracker/rows.js';
import { updateTask } from '../tracker/update.js';
import type { Workspace } from '../workspace/workspace.js';
import { documentPath, placeDocument, type Target } from './place-document.js';

/** The name of the document in the run's bundle. */
export function previewName(stage: string, runId: string): string {
  return `spec-${stage}_${runId}_${stage}.md`;
}

/**
 * Puts the document of a finished run in place, from its evidence. A verdict that is not ok has no document; a place that a
 * person changed is left alone, and both are said in the result. Throws what evidence and files throw.
 */
export async function writeDocument(
  workspace: Workspace,
  root: string,
  report: StageReport,
): Promise<StageReport> {
  const { document, runId, specId, stage } = report;
  if (document === undefined || runId === null)
    throw new SpecError(
      'REFUSED',
      `Run ${runId ?? ''} has no document to write: only an ok verdict of plan or tasks has one, and this one is ${report.verdict ?? 'none'}.`,
    );
  const text = fileText(workspace, root, specId, runId, previewName(stage, runId));
  if (text === undefined)
    throw new SpecError(
      'NOT_FOUND',
      `The evidence of run ${runId} has no ${stage}.md. verify_evidence tells why.`,
    );
  // Of the report, which may come from a file of the repository, the path is not taken.
  const { docs_root } = (await loadSettings(workspace)).settings.workspace;
  const path = documentPath(findPacket(workspace, docs_root, specId), stage);
  if (path !== document.path)
    throw new SpecError(
      'REFUSED',
      `Run ${runId} has no document for ${document.path}, so nothing is written.`,
    );
  const target: Target = { path, sha256: document.replaces };
  await placeDocument(workspace, target, text);
  const row = await noteInTracker(workspace, report);
  const written = {
    ...report,
    summary: `${report.summary} ${document.path} is written.`,
    document: { ...document, written: true, message: `${document.path} has the agreed text. ${row}` },
    next: { tool: 'spec_status', arguments: { specId } },
  };
  updateRun(workspace, root, runId, () => ({ result: written }));
  return written;
}

/** Says in the spec's row what was written; a tracker without exactly one row is left as it is. */
async function noteInTracker(
  workspace: Workspace,
  { specId, runId, document, synthesis }: StageReport,
): Promise<string> {
  const { tracker } = (await loadSettings(workspace)).settings.workspace;
  if (workspace.files.info(tracker).kind !== 'file') return `There is no ${tracker}.`;
  const [row, ...others] = specRows(workspace, tracker, specId);
  if (row === undefined || others.length > 0)
    return `${tracker} has not exactly one row for ${specId}, so it is unchanged.`;
  try {
    const note = `${document?.path ?? ''} from consensus run ${runId ?? ''}`;
    await updateTask(workspace, {
      trackerPath: tracker,
      taskId: row.taskId,
      note,
      ...(synthesis === undefined ? {} : { evidence: synthesis }),
    });
    return `${row.taskId} in ${tracker} says so.`;
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return `${tracker} is unchanged: ${error.message}`;
  }
}
