import { isNothing, quote } from './cell-text.js';
import { cellAt } from './cells.js';
import { cellOf, type LintRow, type LintRun, reportCell } from './lint-run.js';
import type { PathProblem } from './path-facts.js';
import { valueRules } from './value-rules.js';

export function checkPrd(run: LintRun, row: LintRow, column: number): void {
  const raw = cellAt(row.line.text, row.cells, column);
  if (raw === '' || isNothing(raw)) return;
  const { problems, existing, prose, urls } = run.paths.facts(raw);
  for (const problem of problems) {
    if (problem.what !== 'untracked') reportProblem(run, row, 'prd', problem);
  }
  if (prose > 0 && existing + problems.length + urls === 0)
    reportCell(
      run,
      row,
      'prd',
      valueRules.prdMissing,
      () => `the PRD ${quote(raw)} is no path. Name the document, relative to the repository root.`,
    );
}

export function checkEvidence(run: LintRun, row: LintRow, column: number): void {
  const raw = cellAt(row.line.text, row.cells, column);
  if (raw === '' || isNothing(raw)) {
    if (row.status === 'Done')
      reportCell(
        run,
        row,
        'evidence',
        valueRules.doneWithoutEvidence,
        () => 'it is Done without evidence. Name the evidence, or set the status back.',
      );
    return;
  }
  const { problems, existing, urls } = run.paths.facts(raw);
  for (const problem of problems) reportProblem(run, row, 'evidence', problem);
  if (existing > 0 || problems.length > 0) return;
  const unproven = row.status === 'Done' && urls === 0;
  const rule = unproven ? valueRules.doneWithoutEvidence : valueRules.evidenceProse;
  const what = unproven ? 'it is Done, but its evidence' : 'the evidence';
  reportCell(
    run,
    row,
    'evidence',
    rule,
    () => `${what} ${quote(raw)} names no path in the repository, so nobody can check it. Name a file there.`,
  );
}

function reportProblem(run: LintRun, row: LintRow, role: 'prd' | 'evidence', problem: PathProblem): void {
  const { what, item, elsewhere } = problem;
  const subject = `the ${role === 'prd' ? 'PRD' : 'evidence'} ${quote(item.text)}`;
  const raw = cellOf(row, role);
  const fix =
    elsewhere !== '' && raw.includes(item.path) ? raw.replace(item.path, () => elsewhere) : undefined;
  reportCell(run, row, role, ruleFor(role, what), () => `${subject} ${sentence(what, elsewhere)}`, fix);
}

function ruleFor(role: 'prd' | 'evidence', what: PathProblem['what']) {
  if (what === 'untracked') return valueRules.evidenceUntracked;
  if (role === 'prd') return what === 'outside' ? valueRules.prdOutside : valueRules.prdMissing;
  return what === 'outside' ? valueRules.evidenceOutside : valueRules.evidenceMissing;
}

function sentence(what: PathProblem['what'], elsewhere: string): string {
  if (what === 'untracked') return 'is not tracked by git, so a clone lacks it. Commit it.';
  if (what === 'outside') return 'leads outside the repository. Use a path inside it, relative to its root.';
  return elsewhere === ''
    ? 'does not exist. Correct the path, or create the file.'
    : `does not exist. The only file of that name is ${quote(elsewhere)}.`;
}
