import { BLANK, type Blocks, closeParagraph, createBlocks, OTHER, readBlocks } from './blocks.js';
import { allCells, type Cells, createCells, isBlank, splitRow, splitTaskRow } from './cells.js';
import { type Layout, readLayout } from './columns.js';
import { LIMITS, tooManyColumns, tooManyRows } from './limits.js';
import { eachLine, type Line } from './lines.js';

/** A task table: a GFM table with a status-like and an id-like column. */
export interface Table {
  /** From 0, in the order of the file. */
  readonly number: number;
  readonly line: number;
  readonly layout: Layout;
  readonly columns: number;
  /** Rows so far. */
  rows: number;
  /** The line after its last row so far. */
  end: number;
}

/** What a scan reports, from top to bottom. `Line` and `Cells` are valid during the call only. */
export interface Visit {
  table?(table: Table): void;
  row(table: Table, line: Line, cells: Cells): void;
  /** A line with a pipe that belongs to no table. */
  loose?(line: Line, cells: Cells): void;
}

export interface Scanned {
  readonly tables: readonly Table[];
  readonly rows: number;
  /** A code fence or HTML block that never ends, so that nothing below its line was read. */
  readonly unclosed:
    | { readonly what: 'code fence' | 'HTML comment or block'; readonly line: number }
    | undefined;
}

interface Header {
  readonly line: Line;
  readonly from: number;
}

interface Scan {
  readonly visit: Visit;
  readonly blocks: Blocks;
  readonly cells: Cells;
  readonly delimiters: Cells;
  readonly tables: Table[];
  /** The last line, when it may turn out to be the header of a table. */
  header: Header | undefined;
  /** The open table; one without tasks has no `task`. */
  open: { readonly task: Table | undefined; readonly depth: number } | undefined;
  rows: number;
}

const PIPE = 124;
const DASH = 45;
const COLON = 58;

/**
 * Finds every task table of a Markdown file in one pass over its bytes, in linear time. What a reader of the rendered page
 * does not see as a table is none: fenced and indented code, HTML comments and blocks, quotes.
 * Throws NOT_TEXT and LIMIT_EXCEEDED.
 */
export function scanTracker(bytes: Buffer, visit: Visit): Scanned {
  const scan: Scan = {
    visit,
    blocks: createBlocks(),
    cells: createCells(),
    delimiters: createCells(),
    tables: [],
    header: undefined,
    open: undefined,
    rows: 0,
  };
  eachLine(bytes, line => takeLine(scan, line));
  dropHeader(scan);
  const { fence, html } = scan.blocks;
  return { tables: scan.tables, rows: scan.rows, unclosed: unclosed(fence, html) };
}

function unclosed(fence: Blocks['fence'], html: Blocks['html']): Scanned['unclosed'] {
  if (fence !== undefined) return { what: 'code fence', line: fence.line };
  return html === undefined || html.ending === ''
    ? undefined
    : { what: 'HTML comment or block', line: html.line };
}

function takeLine(scan: Scan, line: Line): void {
  if (scan.open?.depth === 0 && line.text.charCodeAt(0) === PIPE) {
    takeRow(scan, line, 0);
    return;
  }
  const from = readBlocks(scan.blocks, line);
  if (scan.open !== undefined && from >= 0 && scan.blocks.depth === scan.open.depth) {
    scan.blocks.paragraph = false;
    takeRow(scan, line, from);
    return;
  }
  scan.open = undefined;
  if (from === BLANK || from === OTHER) dropHeader(scan);
  else takeText(scan, line, from);
}

function takeText(scan: Scan, line: Line, from: number): void {
  if (scan.header !== undefined && startsTable(scan, line.text, from)) return;
  dropHeader(scan);
  scan.header = { line: { ...line }, from };
}

/** The line before was no header. */
function dropHeader(scan: Scan): void {
  const { header, visit } = scan;
  scan.header = undefined;
  if (header === undefined || visit.loose === undefined || !header.line.text.includes('|')) return;
  splitRow(header.line.text, header.from, scan.cells);
  visit.loose(header.line, scan.cells);
}

function startsTable(scan: Scan, text: string, from: number): boolean {
  const { blocks, header, cells, delimiters } = scan;
  if (header === undefined || !blocks.continued || blocks.lazy) return false;
  if (!isDelimiterRow(text, from, delimiters)) return false;
  splitRow(header.line.text, header.from, cells);
  if (cells.count !== delimiters.count) return false;
  scan.header = undefined;
  closeParagraph(blocks);
  scan.open = { task: taskTable(scan, header.line), depth: blocks.depth };
  return true;
}

function taskTable(scan: Scan, header: Line): Table | undefined {
  const { cells, tables, visit } = scan;
  if (cells.count > LIMITS.columns) throw tooManyColumns(header.number);
  const layout = readLayout(allCells(header.text, cells));
  if (layout === undefined) return undefined;
  const { number: line } = header;
  const table = { number: tables.length, line, layout, columns: cells.count, rows: 0, end: line + 2 };
  tables.push(table);
  visit.table?.(table);
  return table;
}

function takeRow(scan: Scan, line: Line, from: number): void {
  const table = scan.open?.task;
  if (table === undefined) return;
  splitTaskRow(line, from, scan.cells);
  if (++scan.rows > LIMITS.rows) throw tooManyRows(line.number);
  table.rows++;
  table.end = line.number + 1;
  scan.visit.row(table, line, scan.cells);
}

/** Cells of dashes, with a colon at either end or none; blanks around them. */
function isDelimiterRow(text: string, from: number, cells: Cells): boolean {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== DASH && code !== PIPE && code !== COLON && !isBlank(code)) return false;
  }
  splitRow(text, from, cells);
  if (cells.count > LIMITS.columns) return true;
  return /[|:]/.test(text) && allCells(text, cells).every(isDelimiter);
}

function isDelimiter(cell: string): boolean {
  const first = cell.startsWith(':') ? 1 : 0;
  const last = cell.endsWith(':') ? cell.length - 1 : cell.length;
  for (let i = first; i < last; i++) {
    if (cell.charCodeAt(i) !== DASH) return false;
  }
  return last > first;
}
