import { SpecError } from '../errors.js';
import { quote } from './cell-text.js';
import { nearIds } from './near-ids.js';
import type { RowPlace, TrackerIndex } from './tracker-index.js';

const SHOWN_LINES = 10;

/** Says why a row that somebody expects is not there, as far as the file tells. */
export function rowNotFound(path: string, index: TrackerIndex, taskId: string): SpecError {
  return new SpecError('NOT_FOUND', `${path} has no task row ${quote(taskId)}. ${reason(index, taskId)}`);
}

function reason(index: TrackerIndex, taskId: string): string {
  const stray = index.strays.get(taskId);
  if (stray !== undefined)
    return `Line ${stray} has that id but belongs to no table: a blank line, or a missing row of dashes, cuts it off. Mend the table, then call again.`;
  if (index.unclosed !== undefined)
    return `The ${index.unclosed.what} that starts at line ${index.unclosed.line} never ends and hides what is below. Close it, then call again.`;
  if (index.tables.length === 0)
    return 'It has no task table at all: none with a status column and an id column. lint_tasks says what is missing.';
  const near = nearIds(taskId, index.byId.keys());
  return near.length > 0
    ? `Similar ids there: ${near.map(quote).join(', ')}.`
    : `None of its rows (${index.rows.length}) has a similar id; read spec-kit://tracker for theirs.`;
}

export function severalRows(path: string, taskId: string, places: readonly RowPlace[]): SpecError {
  const shown = places.slice(0, SHOWN_LINES).map(({ line }) => line);
  const more = places.length > shown.length ? ` and ${places.length - shown.length} more` : '';
  return new SpecError(
    'AMBIGUOUS',
    `${path} has ${places.length} rows with the task id ${quote(taskId)}: lines ${shown.join(', ')}${more}. Give each task its own id.`,
  );
}
