import { quote } from './cell-text.js';
import { allCells, type Cells, cellAt } from './cells.js';
import { readLayout, STANDARD_HEADERS } from './columns.js';
import { type Findings, report } from './findings.js';
import type { Line } from './lines.js';
import { type LintRow, nameOf } from './lint-run.js';
import type { Scanned, Table } from './scan.js';
import { tableRules } from './table-rules.js';

/** Rows this close under a table were meant to be in it, whatever their cells. */
const CLOSE = 3;
const CONFLICT = 'A merge conflict marker stands in the table. Resolve the conflict.';
const TEXT_BELOW =
  'Text directly under a table becomes a row of it, and this one has no cells. Put a blank line above it.';

/** True when the row has as many cells as the header; otherwise its values may stand under the wrong columns. */
export function checkColumnCount(findings: Findings, row: LintRow): boolean {
  const { table, line, cells } = row;
  if (cells.count === table.columns) return true;
  if (!row.wanted) return false;
  const column = cells.first + 1;
  if (/^(?:<{7}|={7}|>{7})(?: |$)/.test(line.text))
    report(findings, tableRules.conflict, line.number, 1, () => CONFLICT);
  else if (!line.text.includes('|'))
    report(findings, tableRules.columnCount, line.number, column, () => TEXT_BELOW);
  else
    report(
      findings,
      tableRules.columnCount,
      line.number,
      column,
      () => {
        const counts = `the row has ${counted(cells.count, 'cell')}, the header (line ${table.line}) ${table.columns}`;
        const advice =
          cells.count < table.columns ? 'Add the missing ones.' : 'Write a pipe that is text as \\|.';
        return `${nameOf(row)}: ${counts}. ${advice}`;
      },
      countFix(row),
    );
  return false;
}

/** The row as Markdown reads it, where that loses nothing: empty cells added or removed at its end. */
function countFix({ table, line, cells }: LintRow): string | undefined {
  const end = line.text.trimEnd();
  if (!end.trimStart().startsWith('|') || !end.endsWith('|')) return undefined;
  if (cells.count < table.columns) return end + '  |'.repeat(table.columns - cells.count);
  for (let column = table.columns; column < cells.count; column++) {
    if (cellAt(line.text, cells, column) !== '') return undefined;
  }
  return end.slice(0, (cells.stops[table.columns - 1] ?? 0) + 1);
}

/** A header that was meant to start another table, or the dashes under it. */
export function isRepeatedHeader({ table, line, cells }: LintRow): boolean {
  const { roles, headers } = table.layout;
  const [status, id] = [roles.status, roles.id].map(column => cellAt(line.text, cells, column));
  if ([status, id].every(cell => /^:?-+:?$/.test(cell ?? ''))) return true;
  return status === headers[roles.status] && id === headers[roles.id];
}

export function reportRepeatedHeader(findings: Findings, { line, wanted }: LintRow): void {
  if (!wanted) return;
  report(
    findings,
    tableRules.repeatedHeader,
    line.number,
    1,
    () =>
      'A header or row of dashes stands inside the table and counts as a task. Put a blank line above the header, or remove it.',
  );
}

/** Lines with pipes outside every table: what is wrong with them, once for each run of such lines. */
export function createLooseCheck(findings: Findings): {
  table(table: Table): void;
  loose(line: Line, cells: Cells): void;
} {
  let last: Table | undefined;
  let runEnd = 0;
  return {
    table(table) {
      last = table;
    },
    loose({ text, number }, cells) {
      const known = number === runEnd;
      const header = readLayout(allCells(text, cells));
      const column = cells.first + 1;
      if (header !== undefined) {
        report(findings, tableRules.notATable, number, column, () => notATable(cells.count));
      } else if (!known && last !== undefined && isCutOff(last, text, number, cells)) {
        const { end } = last;
        report(findings, tableRules.brokenTable, number, column, () => brokenTable(end));
      } else if (!known) return;
      runEnd = number + 1;
    },
  };
}

function isCutOff(table: Table, text: string, line: number, cells: Cells): boolean {
  const pipe = text.trimStart().startsWith('|');
  return (pipe && line - table.end < CLOSE) || (cells.count === table.columns && (pipe || cells.count > 2));
}

function notATable(count: number): string {
  return `This looks like the header of a task table, but no row of dashes with ${count} cells follows, so it is none. Add "${'| --- '.repeat(Math.min(count, 12))}|" under it.`;
}

function brokenTable(end: number): string {
  return `This row and those directly below it are in no table: the table ends before line ${end}. Remove what stands between.`;
}

/** Findings on the file as a whole. */
export function checkTables(findings: Findings, { tables, unclosed }: Scanned, bytes: number): void {
  if (unclosed !== undefined)
    report(
      findings,
      tableRules.unclosed,
      unclosed.line,
      1,
      () => `The ${unclosed.what} that starts here never ends, so nothing below was checked. Close it.`,
    );
  const [first] = tables;
  if (first === undefined) {
    const what =
      bytes === 0
        ? 'The file is empty'
        : 'The file has no task table: none with a status column and an id column';
    report(
      findings,
      tableRules.noTable,
      1,
      1,
      () => `${what}. Add one, best with the columns ${STANDARD_HEADERS.join(', ')}.`,
    );
    return;
  }
  const standard = tables.some(({ layout }) => layout.standard);
  if (!standard) report(findings, tableRules.layout, first.line, 1, () => layoutMessage(first));
  for (const table of tables) {
    if (table.layout.standard || (!standard && table === first)) continue;
    report(findings, tableRules.otherLayout, table.line, 1, () => otherLayout(table));
  }
}

function layoutMessage({ layout }: Table): string {
  const has = new Set(layout.headers.map(header => header.toLowerCase()));
  const missing = STANDARD_HEADERS.filter(header => !has.has(header.toLowerCase()));
  const what =
    missing.length > 0 ? `lacks ${missing.join(', ')}` : 'has other columns, or another order of them';
  return `This table ${what}. Use the eleven columns ${STANDARD_HEADERS.join(', ')}; until then only the rules that its columns allow are checked.`;
}

function otherLayout({ layout, rows }: Table): string {
  return `A further task table with ${counted(rows, 'row')} and the columns ${quote(layout.headers.join(', '))}; only the rules that they allow are checked.`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
