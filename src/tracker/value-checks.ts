import { isNothing, plainText, quote } from './cell-text.js';
import { isRealDate } from './dates.js';
import { cellOf, type LintRow, type LintRun, reportCell } from './lint-run.js';
import { readStatus, type StatusReading } from './status.js';
import { valueRules } from './value-rules.js';

const FIVE = 'Backlog, In Progress, In Review, Blocked or Done';

export function statusOf(run: LintRun, raw: string): StatusReading {
  let reading = run.statuses.get(raw);
  if (reading === undefined) {
    reading = readStatus(raw);
    run.statuses.set(raw, reading);
  }
  return reading;
}

export function checkOrder(run: LintRun, row: LintRow): void {
  const raw = cellOf(row, 'order');
  const order = readOrder(raw);
  if (Number.isNaN(order)) {
    reportCell(run, row, 'order', valueRules.orderNotNumeric, () =>
      raw === '' ? 'it has no order. Write a number.' : `the order ${quote(raw)} is no number. Write one.`,
    );
    return;
  }
  const first = run.orders.get(order);
  if (first === undefined) run.orders.set(order, row.line.number);
  else
    reportCell(
      run,
      row,
      'order',
      valueRules.duplicateOrder,
      () => `the order ${order} is already that of line ${first}. Give each row its own.`,
    );
}

/** Digits, with a fraction or not; NaN for anything else. */
function readOrder(raw: string): number {
  if (/^\d{1,9}$/.test(raw)) return Number(raw);
  const text = raw.length > 24 ? '' : plainText(raw);
  return /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
}

export function checkId(run: LintRun, row: LintRow): void {
  const raw = cellOf(row, 'id');
  const id = plainText(raw);
  if (id === '') {
    reportCell(run, row, 'id', valueRules.idMissing, () => 'give it an id, or remove the row.');
    return;
  }
  const first = run.ids.get(id);
  if (first === undefined) {
    run.ids.set(id, { line: row.line.number, table: row.table.number });
    return;
  }
  const sameTable = first.table === row.table.number;
  if (row.table.layout.looseIds && !sameTable) return;
  const rule = sameTable && !row.table.layout.looseIds ? valueRules.duplicateId : valueRules.repeatedId;
  reportCell(run, row, 'id', rule, () => `line ${first.line} has the same id. Give each task its own.`);
}

export function checkStatus(run: LintRun, row: LintRow): void {
  const { rawStatus: raw, status, how } = row;
  if (how === 'exact') return;
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

export function checkDate(run: LintRun, row: LintRow): void {
  const raw = cellOf(row, 'lastValidation');
  if (raw === '') return;
  let verdict = run.dates.get(raw);
  if (verdict === undefined) {
    verdict = judgeDate(raw, run.today);
    run.dates.set(raw, verdict);
  }
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

function judgeDate(raw: string, today: string): 'fine' | 'invalid' | 'future' {
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
