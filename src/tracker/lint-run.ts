import type { TaskStatus } from '../../schemas/tracker.js';
import type { Rule } from '../rule.js';
import { plainText, quote } from './cell-text.js';
import { type Cells, cellAt } from './cells.js';
import type { Role } from './columns.js';
import { type Findings, report } from './findings.js';
import type { Line } from './lines.js';
import type { PathAsker } from './path-facts.js';
import type { Table } from './scan.js';
import type { StatusReading } from './status.js';

/** What one lint of one file knows and has found so far. */
export interface LintRun {
  readonly findings: Findings;
  readonly paths: PathAsker;
  /** Undefined when git could not be asked. */
  readonly branches: ReadonlySet<string> | undefined;
  /** The latest date that is not in the future. */
  readonly today: string;
  /** Findings on rows are wanted for the rows of this spec only. */
  readonly specId: string | undefined;
  readonly statuses: Map<string, StatusReading>;
  readonly dates: Map<string, 'fine' | 'invalid' | 'future'>;
  readonly branchNames: Map<string, 'fine' | 'spaces' | 'unknown'>;
  /** Unknown branches of rows that are Done or Backlog: the first row's place, and how many rows. */
  readonly gone: Map<string, { readonly line: number; readonly column: number; rows: number }>;
  /** Line of the first row by order, in the current table; by id, in the file. */
  readonly orders: Map<number, number>;
  readonly ids: Map<string, { readonly line: number; readonly table: number }>;
  /** Line of the row In Progress, by owner and by branch. */
  readonly inProgress: Map<string, number>;
  rows: number;
}

/** The row at hand. */
export interface LintRow {
  readonly table: Table;
  readonly line: Line;
  readonly cells: Cells;
  readonly rawStatus: string;
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
  const column = row.table.layout.roles[role];
  const start = column < row.cells.count ? row.cells.starts[column] : row.line.text.length;
  report(run.findings, rule, row.line.number, (start ?? 0) + 1, () => `${nameOf(row)}: ${message()}`, fix);
}
