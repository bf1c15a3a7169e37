import { isNothing, plainText, quote } from './cell-text.js';
import { isRealDate } from './dates.js';
import { cellOf, type DateVerdict, type LintRow, type LintRun, reportCell } from './lint-run.js';
import { firstLine, nextFirstLine } from './seen.js';
import { valueRules } from './value-rules.js';

const LONGEST_ORDER = 24;
const FIVE = 'Backlog, In Progress, In Review, Blocked or Done';

export function checkOrder(run: LintRun, row: LintRow, column: number): void {
  const { text, number: line } = row.line;
  let first = nextFirstLine(run.orders, text, row.cells, column, line);
  if (first === undefined) {
    const order = readOrder(cellOf(row, 'order'));
    if (order === undefined) {
      reportCell(run, row, 'order', valueRules.orderNotNumeric, () => notNumeric(cellOf(row, 'order')));
      return;
    }
    first = firstLine(run.orders, order, line);
  }
  if (first === 0) return;
  reportCell(
    run,
    row,
    'order',
    valueRules.duplicateOrder,
    () => `the order ${quote(cellOf(row, 'order'))} is already that of line ${first}. Give each row its own.`,
  );
}

function notNumeric(raw: string): string {
  return raw === '' ? 'it has no order. Write a number.' : `the order ${quote(raw)} is no number. Write one.`;
}

/** The number as its usual text, so that equal numbers are equal; undefined for anything else. */
function readOrder(raw: string): string | undefined {
  const text = raw.length > LONGEST_ORDER ? '' : plainText(raw);
  return /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? String(Number(text)) : undefined;
}

export function checkId(run: LintRun, row: LintRow, column: number): void {
  const { text, number: line } = row.line;
  let first = nextFirstLine(run.ids, text, row.cells, column, line);
  if (first === undefined) {
    const id = plainText(cellOf(row, 'id'));
    if (id === '') {
      reportCell(run, row, 'id', valueRules.idMissing, () => 'give it an id, or remove the row.');
      return;
    }
    first = firstLine(run.ids, id, line);
  }
  if (first !== 0) reportSameId(run, row, first);
}

function reportSameId(run: LintRun, row: LintRow, first: number): void {
  const { line, layout } = row.table;
  const sameTable = first > line;
  if (layout.looseIds && !sameTable) return;
  const rule = sameTable && !layout.looseIds ? valueRules.duplicateId : valueRules.repeatedId;
  reportCell(run, row, 'id', rule, () => `line ${first} has the same id. Give each task its own.`);
}

export function checkStatus(run: LintRun, row: LintRow): void {
  const { status, how } = row;
  if (how === 'exact') return;
  const raw = cellOf(row, 'status');
  if (status === null) {
    const what = raw === '' ? 'it has no status' : `the status ${quote(raw)} is none of the five`;
    reportCell(
      run,
      row,
      'status',
      valueRules.unknownStatus,
      () => `${what}, so the task counts as unfinished. Write ${FIVE}.`,
    );
    return;
  }
  const rule = how === 'format' ? valueRules.statusFormat : valueRules.statusAlias;
  reportCell(
    run,
    row,
    'status',
    rule,
    () => `the status ${quote(raw)} is read as ${status}. Write it so.`,
    status,
  );
}

export function checkOwners(run: LintRun, row: LintRow): void {
  const { status } = row;
  if (status === null || status === 'Backlog' || status === 'Done' || !isNothing(cellOf(row, 'owners')))
    return;
  reportCell(
    run,
    row,
    'owners',
    valueRules.ownersMissing,
    () => `it is ${status} and has no owner. Name one.`,
  );
}

export function checkDate(run: LintRun, row: LintRow, column: number): void {
  const verdict = run.dateVerdict(row.line.text, row.cells, column);
  if (verdict === 'fine') return;
  const raw = cellOf(row, 'lastValidation');
  if (verdict === 'invalid')
    reportCell(
      run,
      row,
      'lastValidation',
      valueRules.dateInvalid,
      () => `the last validation ${quote(raw)} is no date of the calendar. Write YYYY-MM-DD.`,
      dateIn(raw),
    );
  if (verdict === 'future')
    reportCell(
      run,
      row,
      'lastValidation',
      valueRules.dateFuture,
      () => `the last validation ${quote(raw)} is in the future. Write the day of the validation.`,
    );
}

export function judgeDate(raw: string, today: string): DateVerdict {
  if (isNothing(raw)) return 'fine';
  const date = plainText(raw);
  if (!isRealDate(date)) return 'invalid';
  return date > today ? 'future' : 'fine';
}

/** The real date at the start of a cell that says more; undefined when there is none. */
function dateIn(raw: string): string | undefined {
  const date = raw.slice(0, 'YYYY-MM-DD'.length);
  return isRealDate(date) ? date : undefined;
}
