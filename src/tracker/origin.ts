import nodePath from 'node:path';
import { STATUSES } from '../../schemas/inputs/tracker.js';
import type { Rule } from '../rule.js';
import type { Workspace } from '../workspace/workspace.js';
import { clipped } from './cell-text.js';
import { STANDARD_HEADERS } from './columns.js';
import { countsOf, createFindings, type Findings, report, sorted } from './findings.js';
import { decodeTracker } from './lines.js';
import type { TrackerLint } from './lint.js';
import { originExists } from './origin-paths.js';
import { originRules } from './origin-rules.js';
import { pythonLines, pythonStrip } from './python-text.js';
import { readTracker } from './read.js';

const HEADER = `| ${STANDARD_HEADERS.join(' | ')} |`;

interface OriginRow {
  readonly line: number;
  /** Stripped cells, and the column where each starts in the line. */
  readonly cells: readonly string[];
  readonly columns: readonly number[];
}

/**
 * The verdict of the origin's lint_tasks.py, blind spots and messages included: of the first eleven-column table only, its
 * rows split at every pipe, a wrong number of cells ends the run. Paths are judged as in a fresh clone on another machine:
 * what lies outside the workspace does not exist, but for the folders above it.
 */
export function lintAsOrigin(workspace: Workspace, path: string): TrackerLint {
  const findings = createFindings(path);
  const rows = readRows(findings, pythonLines(decodeTracker(readTracker(workspace, path).bytes)));
  const orders = new Set<string>();
  const exists = originExists(workspace, nodePath.posix.dirname(path));
  for (const row of rows ?? []) checkRow(findings, row, orders, exists);
  const counts = countsOf(findings);
  const summary =
    counts.error === 0
      ? `Tasks table lint passed (${rows?.length ?? 0} rows)`
      : `Tasks table lint failed (${counts.error} problems)`;
  return { findings: sorted(findings), counts, rows: rows?.length ?? 0, summary };
}

/** Undefined when the table cannot be read: then nothing else was checked. */
function readRows(findings: Findings, lines: readonly string[]): OriginRow[] | undefined {
  const at = lines.findIndex(line => pythonStrip(line).startsWith(HEADER));
  const refuse = (rule: Rule, line: number, message: string) => {
    report(findings, rule, line, 1, () => message);
    return undefined;
  };
  if (at === -1) return refuse(originRules.header, 1, 'Tasks table header not found');
  if (pythonStrip(lines[at] ?? '') !== HEADER)
    return refuse(originRules.header, at + 1, 'Tasks table header does not match expected schema');
  const rows: OriginRow[] = [];
  for (let i = at + 1; i < lines.length; i++) {
    const raw = lines[i] ?? '';
    const stripped = pythonStrip(raw);
    if (!stripped.startsWith('|') && !stripped.startsWith('HEAD|')) break;
    if (i === at + 1) continue;
    const row = readRow(raw, stripped, i + 1);
    if (row.cells.length !== STANDARD_HEADERS.length)
      return refuse(originRules.columnCount, i + 1, `Unexpected column count in row: ${clipped(raw)}`);
    rows.push(row);
  }
  return rows;
}

/** What stands after the last pipe is dropped, as is what stands before the first one. */
function readRow(raw: string, stripped: string, line: number): OriginRow {
  const parts = (stripped.startsWith('HEAD|') ? `|${stripped}` : stripped).split('|');
  const cells: string[] = [];
  const columns: number[] = [];
  let column = raw.indexOf(stripped) + 1 - (stripped.startsWith('HEAD|') ? 1 : 0);
  parts.forEach((part, index) => {
    const cell = pythonStrip(part);
    if (index > 0 && index < parts.length - 1) {
      cells.push(cell);
      columns.push(Math.max(1, column + (cell === '' ? 0 : part.indexOf(cell))));
    }
    column += part.length + 1;
  });
  return { line, cells, columns };
}

type Fail = (rule: Rule, column: number, message: string) => void;

function checkRow(
  findings: Findings,
  { line, cells, columns }: OriginRow,
  orders: Set<string>,
  exists: (path: string) => boolean,
): void {
  const fail: Fail = (rule, column, message) =>
    report(findings, rule, line, columns[column] ?? 1, () => clipped(message));
  checkState(cells, orders, fail);
  checkPaths(cells, exists, fail);
  const [, id = '', , , , , branch = '', , date = ''] = cells;
  if (date !== '' && !/^\p{Nd}{4}-\p{Nd}{2}-\p{Nd}{2}$/u.test(date))
    fail(originRules.date, 8, `${id}: Last Validation must be YYYY-MM-DD (got '${date}')`);
  if (branch.includes(' '))
    fail(originRules.branch, 6, `${id}: Branch should not contain spaces (${branch})`);
}

function checkState(cells: readonly string[], orders: Set<string>, fail: Fail): void {
  const [order = '', id = '', , status = '', owners = ''] = cells;
  if (orders.has(order)) fail(originRules.duplicateOrder, 0, `Duplicate order value: ${order} (${id})`);
  orders.add(order);
  if (!STATUSES.some(known => known === status))
    fail(originRules.status, 3, `${id}: invalid status '${status}'`);
  if ((status === 'In Progress' || status === 'In Review') && owners === '')
    fail(originRules.owners, 4, `${id}: Owners required for status ${status}`);
}

function checkPaths(cells: readonly string[], exists: (path: string) => boolean, fail: Fail): void {
  const [, id = '', , , , prd = '', , , , evidence = ''] = cells;
  for (const path of prd.split(',').map(pythonStrip)) {
    if (path !== '' && !exists(path)) fail(originRules.prd, 5, `${id}: PRD path missing (${path})`);
  }
  if (evidence !== '' && !exists(evidence))
    fail(originRules.evidence, 9, `${id}: Evidence path missing (${evidence})`);
}
