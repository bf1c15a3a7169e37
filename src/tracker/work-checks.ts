import { isNothing, plainText, quote } from './cell-text.js';
import { report } from './findings.js';
import { type BranchVerdict, cellOf, columnOf, type LintRow, type LintRun, reportCell } from './lint-run.js';
import { valueRules } from './value-rules.js';

export function checkBranch(run: LintRun, row: LintRow, column: number): void {
  const verdict = run.branchVerdict(row.line.text, row.cells, column);
  if (verdict === 'fine') return;
  const raw = cellOf(row, 'branch');
  if (verdict === 'spaces')
    reportCell(
      run,
      row,
      'branch',
      valueRules.branchSpaces,
      () => `the branch ${quote(raw)} contains spaces. Write the name alone.`,
    );
  if (verdict === 'unknown') reportUnknownBranch(run, row, raw);
}

export function judgeBranch(raw: string, branches: ReadonlySet<string> | undefined): BranchVerdict {
  if (isNothing(raw)) return 'fine';
  const name = plainText(raw);
  if (/\s/.test(name)) return 'spaces';
  return branches === undefined || branches.has(name) ? 'fine' : 'unknown';
}

/** The branch of a task that nobody works on may be merged and deleted, or not made yet: that is said once for the branch. */
function reportUnknownBranch(run: LintRun, row: LintRow, raw: string): void {
  if (row.status !== 'Done' && row.status !== 'Backlog') {
    reportCell(
      run,
      row,
      'branch',
      valueRules.branchUnknown,
      () => `git knows no branch ${quote(raw)} here. Correct the name, or fetch or create the branch.`,
    );
    return;
  }
  if (!row.wanted) return;
  const known = run.gone.get(raw);
  if (known === undefined)
    run.gone.set(raw, { line: row.line.number, column: columnOf(row, 'branch'), rows: 1 });
  else known.rows++;
}

export function reportGoneBranches({ gone, findings }: LintRun): void {
  for (const [raw, { line, column, rows }] of gone) {
    const tasks =
      rows === 1 ? 'A task that is Done or Backlog names' : `${rows} tasks that are Done or Backlog name`;
    report(
      findings,
      valueRules.branchGone,
      line,
      column,
      () =>
        `${tasks} the branch ${quote(raw)}, which git does not know here; it may be merged and gone, or not made yet.`,
    );
  }
}

/** One task In Progress for each owner and each branch. */
export function checkInProgress(run: LintRun, row: LintRow): void {
  if (row.status !== 'In Progress') return;
  const threads = threadsOf(row);
  const clash = threads.find(({ key }) => run.inProgress.has(key));
  for (const { key } of threads) {
    if (!run.inProgress.has(key)) run.inProgress.set(key, row.line.number);
  }
  if (clash === undefined) return;
  const first = run.inProgress.get(clash.key);
  reportCell(
    run,
    row,
    'status',
    valueRules.twoInProgress,
    () =>
      `line ${first} is In Progress too, for the same ${clash.what}. Finish one, or set the other to Backlog.`,
  );
}

interface Thread {
  readonly key: string;
  readonly what: string;
}

function threadsOf(row: LintRow): Thread[] {
  const owners = cellOf(row, 'owners')
    .split(/[,;&+]/)
    .filter(owner => !isNothing(owner.trim()))
    .map(owner => thread('owner', owner, plainText(owner).toLowerCase()));
  const branch = cellOf(row, 'branch');
  return isNothing(branch) ? owners : [...owners, thread('branch', branch, plainText(branch))];
}

function thread(what: string, raw: string, name: string): Thread {
  return { key: `${what}:${name}`, what: `${what} ${quote(plainText(raw))}` };
}
