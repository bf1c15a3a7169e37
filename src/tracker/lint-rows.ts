import type { Cells } from './cells.js';
import type { Layout, Role } from './columns.js';
import { createFindings } from './findings.js';
import type { Line } from './lines.js';
import type { LintRow, LintRun } from './lint-run.js';
import { checkEvidence, checkPrd } from './path-checks.js';
import type { PathAsker } from './path-facts.js';
import { remember } from './remember.js';
import type { Table } from './scan.js';
import { createSeen } from './seen.js';
import { belongsTo } from './spec-rows.js';
import { readStatus } from './status.js';
import { checkColumnCount, isRepeatedHeader, reportRepeatedHeader } from './table-checks.js';
import { checkDate, checkId, checkOrder, checkOwners, checkStatus, judgeDate } from './value-checks.js';
import { checkBranch, checkInProgress, judgeBranch } from './work-checks.js';

type Check = (run: LintRun, row: LintRow, column: number) => void;

/** A check on the cells of one column of the table at hand. */
interface Step {
  readonly column: number;
  readonly check: Check;
}

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
  /** Undefined when git could not be asked. */
  readonly branches: ReadonlySet<string> | undefined;
  /** The latest date that is not in the future. */
  readonly today: string;
  readonly specId: string | undefined;
}

export function createLintRun(facts: LintFacts): LintRun {
  return {
    findings: createFindings(facts.file),
    paths: facts.paths,
    statusReading: remember(readStatus),
    dateVerdict: remember(raw => judgeDate(raw, facts.today)),
    branchVerdict: remember(raw => judgeBranch(raw, facts.branches)),
    specId: facts.specId,
    gone: new Map(),
    orders: createSeen(),
    ids: createSeen(),
    inProgress: new Map(),
    rows: 0,
  };
}

/** Applies the rules for rows; a table's columns say which. */
export function createRowLint(run: LintRun): {
  table(table: Table): void;
  row(table: Table, line: Line, cells: Cells): void;
} {
  let first: readonly Step[] = [];
  let rest: readonly Step[] = [];
  return {
    table({ layout }) {
      run.orders = createSeen();
      first = stepsFor(layout, always);
      rest = stepsFor(layout, whenComplete);
    },
    row(table, line, cells) {
      const row = readRow(run, table, line, cells);
      if (row.wanted) run.rows++;
      if (row.how === 'unknown' && isRepeatedHeader(row)) {
        reportRepeatedHeader(run.findings, row);
      } else if (checkColumnCount(run.findings, row)) {
        apply(run, row, first);
        apply(run, row, rest);
      } else if (line.text.includes('|')) apply(run, row, first);
    },
  };
}

function stepsFor({ roles }: Layout, checks: readonly [Role, Check][]): Step[] {
  return checks
    .map(([role, check]) => ({ column: roles[role], check }))
    .filter(({ column }) => column !== -1);
}

function apply(run: LintRun, row: LintRow, steps: readonly Step[]): void {
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i];
    step?.check(run, row, step.column);
  }
}

function readRow(run: LintRun, table: Table, line: Line, cells: Cells): LintRow {
  const { status, how } = run.statusReading(line.text, cells, table.layout.roles.status);
  const wanted = run.specId === undefined || belongsTo(table.layout, line.text, cells, run.specId);
  return { table, line, cells, status, how, wanted };
}
