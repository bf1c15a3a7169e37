import { LIMITS, tooManyColumns } from './limits.js';
import type { Line } from './lines.js';

/**
 * Where the cells of a row lie in its line: without the blanks around them, in UTF-16 units from 0. One object is used
 * for row after row, so that a large table makes no garbage.
 */
export interface Cells {
  /** May be larger than what `starts` and `ends` hold, which is LIMITS.columns. */
  count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

const PIPE = 124;
const BACKSLASH = 92;
const SPACE = 32;
const TAB = 9;

export function createCells(): Cells {
  return { count: 0, starts: new Int32Array(LIMITS.columns), ends: new Int32Array(LIMITS.columns) };
}

/**
 * Splits a row as GFM does: at every pipe that no backslash escapes, in code spans too; a pipe at either end is optional.
 * `from` is where the row starts after its indentation.
 */
export function splitRow(text: string, from: number, cells: Cells): void {
  const end = beforeBlanks(text, from, text.length);
  let start = text.charCodeAt(from) === PIPE ? from + 1 : from;
  cells.count = 0;
  while (start < end) {
    const pipe = nextDivider(text, start);
    const stop = pipe === -1 ? end : pipe;
    addCell(text, start, stop, cells);
    start = stop + 1;
  }
  if (cells.count === 0 && start > from) addCell(text, start, start, cells);
}

/** As `splitRow`, for a row of a task table: more cells than the limit end with LIMIT_EXCEEDED. */
export function splitTaskRow(line: Line, from: number, cells: Cells): void {
  splitRow(line.text, from, cells);
  if (cells.count > LIMITS.columns) throw tooManyColumns(line.number);
}

/** The raw text of a cell; '' when the row has no such cell. */
export function cellAt(text: string, cells: Cells, column: number): string {
  if (column < 0 || column >= cells.count) return '';
  return text.slice(cells.starts[column], cells.ends[column]);
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function addCell(text: string, from: number, to: number, cells: Cells): void {
  const index = cells.count++;
  if (index >= LIMITS.columns) return;
  let start = from;
  while (start < to && isBlank(text.charCodeAt(start))) start++;
  cells.starts[index] = start;
  cells.ends[index] = beforeBlanks(text, start, to);
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
