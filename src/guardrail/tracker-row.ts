import type { TrackerRow } from '../../schemas/tracker.js';
import { SpecError } from '../errors.js';
import { specRows } from '../tracker/rows.js';
import { type Checked, type Guardrail, required, type Step, some } from './guardrail.js';

const NAME = 'tracker-row';

/** The tracker has a row for the spec, with a status that is one of the five. */
export const trackerRow: Step = { name: NAME, run: checkRow };

function checkRow({ workspace, settings, packet }: Guardrail): Checked {
  const tracker = settings.workspace.tracker;
  try {
    return judge(tracker, packet.specId, specRows(workspace, tracker, packet.specId));
  } catch (error) {
    if (error instanceof SpecError) return required(NAME, 'failed', error.message);
    throw error;
  }
}

function judge(tracker: string, specId: string, rows: readonly TrackerRow[]): Checked {
  const [first] = rows;
  if (first === undefined)
    return required(
      NAME,
      'failed',
      `${tracker} has no row for ${specId}. Add one whose Task ID is ${specId}, or whose PRD names its packet.`,
    );
  const unknown = rows.find(({ status }) => status === null);
  if (unknown !== undefined)
    return required(
      NAME,
      'failed',
      `${tracker}:${unknown.line}: the status of ${unknown.taskId} is "${unknown.rawStatus}". Set one of Backlog, In Progress, In Review, Blocked, Done with update_task.`,
    );
  const named = rows.map(({ taskId, line, status }) => `${taskId} is ${status ?? 'unknown'} (line ${line})`);
  return required(NAME, 'passed', `${tracker}: ${some(named, 3)}.`);
}
