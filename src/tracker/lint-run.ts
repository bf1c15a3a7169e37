import type { TaskStatus } from '../../schemas/inputs/tracker.js';
import type { Rule } from '../rule.js';
import { plainText, quote } from './cell-text.js';
import { type Cells, cellAt, locate } from './cells.js';
import type { Role } from './columns.js';
import { type Findings, report } from './findings.js';
import type { Line } from './lines.js';
import type { PathAsker } from './path-facts.js';
import type { CellReader } from './remember.js';
import type { Table } from './scan.js';
import type { Seen } from './seen.js';
import type { StatusReading } from './status.js';

export type DateVerdict = 'fine' | 'invalid' | 'future';
export type BranchVerdict = 'fine' | 'spaces' | 'unknown';

/** What one lint of one file knows and has found so far. */
export interface LintRun {
  readonly findings: Findings;
  readonly paths: PathAsker;
  readonly statusReading: CellReader<StatusReading>;
  readonly dateVerdict: CellReader<DateVerdict>;
  readonly branchVerdict: CellReader<BranchVerdict>;
  /** Findings on rows are wanted for the rows of this spec only. */
  readonly specId: string | undefined;
  /** Unknown branches of rows that are Done or Backlog: the first row's place, and how many rows. */
  readonly gone: Map<string, { readonly line: number; readonly column: number; rows: number }>;
  /** Orders of the current table, task ids of the file. */
  orders: Seen;
  readonly ids: Seen;
  /** Line of the row In Progress, by owner and by branch. */
  readonly inProgress: Map<string, number>;
  rows: number;
}

/** The row at hand; valid during the call that gets it. */
export interface LintRow {
  readonly table: Table;
  readonly line: Line;
  readonly cells: Cells;
  readonly status: TaskStatus | null;
  readonly how: StatusReading['how'];
  /** False when findings on it are not wanted. */
  readonly wanted: boolean;
}

export function cellOf({ table, line, cells }: LintRow, role: Role): string {
  return cellAt(line.text, cells, table.layout.roles[role]);
}

/** How messages call a row: by its id, short and harmless. */
export function nameOf(row: LintRow): string {
  const id = plainText(cellOf(row, 'id'));
  if (id === '') return 'A row without an id';
  return /^[\w.-]{1,40}$/.test(id) ? id : quote(id);
}

/** From 1; after the end of the line when the row has no such cell. */
export function columnOf({ table, line, cells }: LintRow, role: Role): number {
  locate(line.text, cells, table.layout.roles[role]);
  return cells.from + 1;
}

/** A finding at a cell of the row, its message after the row's name. */
export function reportCell(
  run: LintRun,
  row: LintRow,
  role: Role,
  rule: Rule,
  message: () => string,
  fix?: string,
): void {
  if (!row.wanted) return;
  report(run.findings, rule, row.line.number, columnOf(row, role), () => `${nameOf(row)}: ${message()}`, fix);
}
