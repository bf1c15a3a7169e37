import { LIMITS, tooManyColumns } from './limits.js';
import type { Line } from './lines.js';

/**
 * Where the cells of a row end in its line, in UTF-16 units from 0: cell 0 goes from `first` to `stops[0]`, each other one
 * from after the stop before it. Blanks are taken off only when a cell is asked for: most cells never are. One object is
 * used for row after row, so that a large table makes no garbage.
 */
export interface Cells {
  /** May be larger than what `stops` holds, which is LIMITS.columns. */
  count: number;
  first: number;
  readonly stops: Int32Array;
  /** Where the cell that was asked for last is, without the blanks around it. */
  from: number;
  to: number;
}

const PIPE = 124;
const BACKSLASH = 92;
const SPACE = 32;
const TAB = 9;

export function createCells(): Cells {
  return { count: 0, first: 0, stops: new Int32Array(LIMITS.columns), from: 0, to: 0 };
}

/**
 * Splits a row as GFM does: at every pipe that no backslash escapes, in code spans too; a pipe at either end is optional.
 * `from` is where the row starts after its indentation.
 */
export function splitRow(text: string, from: number, cells: Cells): void {
  const end = beforeBlanks(text, from, text.length);
  const { stops } = cells;
  let start = text.charCodeAt(from) === PIPE ? from + 1 : from;
  let count = 0;
  cells.first = start;
  while (start < end) {
    const pipe = nextDivider(text, start);
    const stop = pipe === -1 ? end : pipe;
    if (count < stops.length) stops[count] = stop;
    count++;
    start = stop + 1;
  }
  if (count === 0 && start > from) {
    stops[0] = start;
    count = 1;
  }
  cells.count = count;
}

/** As `splitRow`, for a row of a task table: more cells than the limit end with LIMIT_EXCEEDED. */
export function splitTaskRow(line: Line, from: number, cells: Cells): void {
  splitRow(line.text, from, cells);
  if (cells.count > LIMITS.columns) throw tooManyColumns(line.number);
}

/** The raw text of a cell without the blanks around it; '' when the row has no such cell. */
export function cellAt(text: string, cells: Cells, column: number): string {
  locate(text, cells, column);
  return text.slice(cells.from, cells.to);
}

/** Sets `from` and `to`; for an empty cell both are where the cell ends, for none both are the end of the line. */
export function locate(text: string, cells: Cells, column: number): void {
  const { stops } = cells;
  const none = column < 0 || column >= cells.count;
  let from = none ? text.length : column === 0 ? cells.first : (stops[column - 1] ?? 0) + 1;
  let to = none ? text.length : (stops[column] ?? 0);
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  cells.from = from;
  cells.to = to;
}

/** The raw texts of all cells, up to LIMITS.columns. */
export function allCells(text: string, cells: Cells): string[] {
  const count = Math.min(cells.count, cells.stops.length);
  return Array.from({ length: count }, (_, column) => cellAt(text, cells, column));
}

/** The raw texts of the cells of one row that stands by itself. */
export function cellsOf(row: string): string[] {
  const cells = createCells();
  splitRow(row, 0, cells);
  return allCells(row, cells);
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function beforeBlanks(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && isBlank(text.charCodeAt(end - 1))) end--;
  return end;
}

function nextDivider(text: string, from: number): number {
  let pipe = text.indexOf('|', from);
  while (pipe !== -1 && isEscaped(text, pipe, from)) pipe = text.indexOf('|', pipe + 1);
  return pipe;
}

/** An odd number of backslashes before it: in an even number each escapes the next. */
function isEscaped(text: string, pipe: number, from: number): boolean {
  let at = pipe;
  while (at > from && text.charCodeAt(at - 1) === BACKSLASH) at--;
  return (pipe - at) % 2 === 1;
}
