import type { UpdateTaskInput } from '../../schemas/inputs/tracker.js';
import type { TrackerRow, UpdateTaskResult } from '../../schemas/tracker.js';
import { SpecError } from '../errors.js';
import type { ReadFile } from '../workspace/files.js';
import type { Workspace } from '../workspace/workspace.js';
import { cellAt, createCells, splitRow } from './cells.js';
import { editRow } from './edit.js';
import { LIMITS } from './limits.js';
import { readTracker } from './read.js';
import { trackerRow } from './row.js';
import { rowNotFound, severalRows } from './row-errors.js';
import { indexOf, type ParsedRow, parseRow } from './rows.js';
import { placesOf, type RowPlace } from './tracker-index.js';
import { planEdits } from './update-plan.js';

/**
 * Changes the named cells of one row and no other byte of the file. A change of status is dated and explained in Notes, and
 * Done is refused without evidence that exists.
 * Throws NOT_FOUND, AMBIGUOUS, INVALID_ARGUMENT, REFUSED, OUTSIDE_WORKSPACE, STALE_WRITE (the file changed meanwhile), LIMIT_EXCEEDED.
 */
export async function updateTask(
  workspace: Workspace,
  { trackerPath, taskId, ...changes }: Omit<UpdateTaskInput, 'workspace'> & { readonly trackerPath: string },
): Promise<UpdateTaskResult> {
  const file = readTracker(workspace, trackerPath);
  const index = indexOf(workspace, trackerPath, file);
  const [place, ...others] = placesOf(index, taskId);
  if (place === undefined) throw rowNotFound(trackerPath, index, taskId);
  if (others.length > 0) throw severalRows(trackerPath, taskId, [place, ...others]);
  const row = parseRow(index, place, file.bytes.subarray(place.byte, place.byte + place.bytes));
  assertNoStrayCells(row, place);
  const edits = planEdits(workspace, row, changes);
  const before = trackerRow(row.layout, row.text, row.cells, place.line);
  const text = editRow(row.text, row.from, row.cells, edits);
  if (edits.length > 0) workspace.files.replace(trackerPath, spliced(file, place, text), file.version);
  return {
    workspace: workspace.label,
    file: trackerPath,
    changed: edits
      .toSorted((a, b) => a.column - b.column)
      .map(({ column }) => row.layout.headers[column] ?? `Column ${column + 1}`),
    before,
    after: edits.length === 0 ? before : reread(row, text, place.line),
    next: { tool: 'lint_tasks', arguments: {} },
  };
}

/** Text beyond the last column most likely comes from a pipe that splits a cell before it. */
function assertNoStrayCells({ layout, text, cells }: ParsedRow, { line }: RowPlace): void {
  for (let column = layout.headers.length; column < cells.count; column++) {
    if (cellAt(text, cells, column) === '') continue;
    throw new SpecError(
      'REFUSED',
      `The row at line ${line} has ${cells.count} cells and the header ${layout.headers.length}, so its values may stand under the wrong columns. Write pipes that are text as \\| first, then call again.`,
    );
  }
}

function spliced({ bytes }: ReadFile, place: RowPlace, text: string): Buffer {
  const row = Buffer.from(text);
  if (row.length > LIMITS.lineBytes)
    throw new SpecError(
      'LIMIT_EXCEEDED',
      `Line ${place.line} would have more than ${LIMITS.lineBytes} bytes, the limit for one line. Shorten the row's notes first: move them into a document and name its path.`,
    );
  if (bytes.length + row.length - place.bytes > LIMITS.fileBytes)
    throw new SpecError(
      'LIMIT_EXCEEDED',
      `The tracker would have more than ${LIMITS.fileBytes} bytes, the limit. Move finished tasks to another file.`,
    );
  return Buffer.concat([bytes.subarray(0, place.byte), row, bytes.subarray(place.byte + place.bytes)]);
}

function reread({ layout, from }: ParsedRow, text: string, line: number): TrackerRow {
  const cells = createCells();
  splitRow(text, from, cells);
  return trackerRow(layout, text, cells, line);
}
