import type { Cells } from './cells.js';
import { cellAt } from './cells.js';
import type { Role } from './columns.js';
import { createFindings } from './findings.js';
import type { Line } from './lines.js';
import type { LintRow, LintRun } from './lint-run.js';
import { checkEvidence, checkPrd } from './path-checks.js';
import type { PathAsker } from './path-facts.js';
import type { Table } from './scan.js';
import { belongsTo } from './spec-rows.js';
import { checkColumnCount, isRepeatedHeader, reportRepeatedHeader } from './table-checks.js';
import { checkDate, checkId, checkOrder, checkOwners, checkStatus, statusOf } from './value-checks.js';
import { checkBranch, checkInProgress } from './work-checks.js';

type Check = (run: LintRun, row: LintRow) => void;

/** The first columns are rarely shifted when cells are missing or too many; those after them are. */
const always: readonly [Role, Check][] = [
  ['order', checkOrder],
  ['id', checkId],
  ['status', checkStatus],
];
const whenComplete: readonly [Role, Check][] = [
  ['owners', checkOwners],
  ['status', checkInProgress],
  ['prd', checkPrd],
  ['branch', checkBranch],
  ['lastValidation', checkDate],
  ['evidence', checkEvidence],
];

export interface LintFacts {
  readonly file: string;
  readonly paths: PathAsker;
  readonly branches: ReadonlySet<string> | undefined;
  readonly today: string;
  readonly specId: string | undefined;
}

export function createLintRun(facts: LintFacts): LintRun {
  return {
    findings: createFindings(facts.file),
    paths: facts.paths,
    branches: facts.branches,
    today: facts.today,
    specId: facts.specId,
    statuses: new Map(),
    dates: new Map(),
    branchNames: new Map(),
    gone: new Map(),
    orders: new Map(),
    ids: new Map(),
    inProgress: new Map(),
    rows: 0,
  };
}

/** Applies the rules for rows; a table's columns say which. */
export function createRowLint(run: LintRun): {
  table(table: Table): void;
  row(table: Table, line: Line, cells: Cells): void;
} {
  let first: readonly Check[] = [];
  let rest: readonly Check[] = [];
  return {
    table({ layout }) {
      run.orders.clear();
      const has = ([role]: readonly [Role, Check]) => layout.roles[role] !== -1;
      first = always.filter(has).map(([, check]) => check);
      rest = whenComplete.filter(has).map(([, check]) => check);
    },
    row(table, line, cells) {
      const row = readRow(run, table, line, cells);
      if (row.wanted) run.rows++;
      if (row.how === 'unknown' && isRepeatedHeader(row)) reportRepeatedHeader(run.findings, row);
      else if (checkColumnCount(run.findings, row)) applyAll(run, row, first, rest);
      else if (line.text.includes('|')) applyAll(run, row, first);
    },
  };
}

function applyAll(run: LintRun, row: LintRow, ...lists: readonly (readonly Check[])[]): void {
  for (const checks of lists) {
    for (const check of checks) check(run, row);
  }
}

function readRow(run: LintRun, table: Table, line: Line, cells: Cells): LintRow {
  const rawStatus = cellAt(line.text, cells, table.layout.roles.status);
  const { status, how } = statusOf(run, rawStatus);
  const wanted = run.specId === undefined || belongsTo(table.layout, line.text, cells, run.specId);
  return { table, line, cells, rawStatus, status, how, wanted };
}
