import { SpecError } from '../errors.js';
import { createBlocks, readBlocks } from './blocks.js';
import { escapePipes, unescapePipes } from './cell-text.js';
import { type Cells, cellAt, createCells, isBlank, locate, splitRow } from './cells.js';

/** A new text for the cell of one column: plain, without blanks at its ends. */
export interface CellEdit {
  readonly column: number;
  readonly text: string;
}

/**
 * The line of a row with some cells replaced; everything else of it stays as it is, the blanks around the cells too.
 * `from`: where the row starts after its indentation. Throws REFUSED when Markdown would read the result differently.
 */
export function editRow(line: string, from: number, cells: Cells, edits: readonly CellEdit[]): string {
  let edited = line;
  for (const { column, text } of edits.toSorted((a, b) => b.column - a.column)) {
    locate(line, cells, column);
    edited = replaceCell(edited, cells.from, cells.to, escapePipes(text));
  }
  assertReads(line, edited, from, cells, edits);
  return edited;
}

/** The new cell gets a blank where it would touch a pipe; a text that ends with a backslash would escape that pipe. */
function replaceCell(line: string, start: number, end: number, raw: string): string {
  if (start < end) {
    const gap = raw.endsWith('\\') && line.charAt(end) === '|' ? ' ' : '';
    return line.slice(0, start) + raw + gap + line.slice(end);
  }
  let first = start;
  while (first > 0 && isBlank(line.charCodeAt(first - 1))) first--;
  let last = start;
  while (last < line.length && isBlank(line.charCodeAt(last))) last++;
  const before = line.slice(first, Math.min(first + 1, last)) || ' ';
  const after = line.slice(first + 1, last) || ' ';
  return raw === '' ? line : line.slice(0, first) + before + raw + after + line.slice(last);
}

function assertReads(
  line: string,
  edited: string,
  from: number,
  cells: Cells,
  edits: readonly CellEdit[],
): void {
  const now = createCells();
  splitRow(edited, from, now);
  const wanted = new Map(edits.map(({ column, text }) => [column, text]));
  const differs = Array.from({ length: cells.count }, (_, column) => {
    const text = cellAt(edited, now, column);
    const edit = wanted.get(column);
    return edit === undefined ? text !== cellAt(line, cells, column) : unescapePipes(text) !== edit;
  }).includes(true);
  if (differs || now.count !== cells.count || !startsAsText(edited, from))
    throw new SpecError(
      'REFUSED',
      'The new text cannot stand in this table row as it is: Markdown would read the row differently. Leave out the backslashes or pipes at its ends.',
    );
}

/** A row without a pipe in front must not become a list, a heading, code. */
function startsAsText(edited: string, from: number): boolean {
  const blocks = createBlocks();
  const text = edited.slice(from);
  return readBlocks(blocks, { text, number: 1, byte: 0, bytes: 0 }) === 0 && blocks.containers.length === 0;
}

/** `existing` with `entry` after it, separated as the cell already separates its entries. */
export function appendEntry(existing: string, entry: string): string {
  if (existing === '') return entry;
  const breaks = existing.match(/<br ?\/?>/gi);
  const last = breaks?.at(-1);
  if (last !== undefined) return `${existing}${last}${entry}`;
  return `${existing}${/[.;:!?]$/.test(existing) ? '' : ';'} ${entry}`;
}
