import type { TrackerRow } from '../../schemas/tracker.js';
import { plainText, unescapePipes } from './cell-text.js';
import { type Cells, cellAt } from './cells.js';
import type { Layout } from './columns.js';
import { readStatus } from './status.js';

/** A row as results show it. Cells beyond the header are kept, under the name of their column. */
export function trackerRow(layout: Layout, text: string, cells: Cells, line: number): TrackerRow {
  const { roles } = layout;
  const count = Math.max(cells.count, layout.headers.length);
  const rawStatus = cellAt(text, cells, roles.status);
  return {
    taskId: plainText(cellAt(text, cells, roles.id)),
    title: unescapePipes(cellAt(text, cells, roles.title)),
    status: readStatus(rawStatus).status,
    rawStatus,
    line,
    cells: Object.fromEntries(
      Array.from({ length: count }, (_, column) => [
        layout.headers[column] ?? `Column ${column + 1}`,
        cellAt(text, cells, column),
      ]),
    ),
  };
}
