import type { UpdateTaskInput } from '../../schemas/inputs/tracker.js';
import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { escapePipes, hasInvisible, plainText, quote, unescapePipes } from './cell-text.js';
import { cellAt } from './cells.js';
import type { Role } from './columns.js';
import { isRealDate, latestToday, utcDate } from './dates.js';
import { appendEntry, type CellEdit } from './edit.js';
import { createPathAsker } from './path-facts.js';
import type { ParsedRow } from './rows.js';
import { readStatus } from './status.js';

export type Changes = Omit<UpdateTaskInput, 'taskId' | 'workspace'>;

const COLUMN_NAMES = {
  status: 'Status',
  evidence: 'Evidence',
  note: 'Notes',
  lastValidation: 'Last Validation',
  branch: 'Branch',
  pr: 'PR',
} as const;
const ROLES = {
  status: 'status',
  evidence: 'evidence',
  note: 'notes',
  lastValidation: 'lastValidation',
  branch: 'branch',
  pr: 'pr',
} as const satisfies Record<keyof Changes, Role>;
const FIELDS = ['status', 'evidence', 'note', 'lastValidation', 'branch', 'pr'] as const;
const SHOWN_STATUS = 60;

/**
 * The cells that must change, and only those. Throws INVALID_ARGUMENT for values that cannot be, REFUSED for a status that
 * is not proven or not explained, OUTSIDE_WORKSPACE for evidence elsewhere.
 */
export function planEdits(workspace: Workspace, row: ParsedRow, changes: Changes): CellEdit[] {
  const given = cleanChanges(changes);
  for (const field of FIELDS) {
    if (given[field] !== undefined) columnFor(row, field);
  }
  assertDate(workspace, given.lastValidation);
  assertBranch(given.branch);
  if (given.evidence !== undefined) assertEvidence(workspace, given.evidence);
  const entry = historyEntry(workspace, row, given);
  if (given.status === 'Done') assertProven(workspace, row, given.evidence);
  const texts: [keyof Changes, string | undefined][] = [
    ['status', given.status],
    ['evidence', given.evidence],
    ['lastValidation', given.lastValidation],
    ['branch', given.branch],
    ['pr', given.pr],
    ['note', entry === '' ? undefined : appendEntry(textOf(row, 'notes'), entry)],
  ];
  return texts.flatMap(([field, text]) => {
    if (text === undefined || escapePipes(text) === rawOf(row, ROLES[field])) return [];
    return [{ column: columnFor(row, field), text }];
  });
}

function cleanChanges(changes: Changes): Changes {
  if (FIELDS.every(field => changes[field] === undefined))
    throw invalid('Nothing to change was given. Give status, evidence, note, lastValidation, branch or pr.');
  return {
    ...changes,
    evidence: clean('evidence', changes.evidence),
    note: clean('note', changes.note),
    branch: clean('branch', changes.branch),
    pr: clean('pr', changes.pr),
  };
}

function clean(field: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (text === '') throw invalid(`${field} is empty. Leave it out to keep the cell as it is.`);
  if (hasInvisible(text))
    throw invalid(
      `${field} contains a line break, a tab or another control or invisible character, and a table cell is one line. Give it as plain text in one line.`,
    );
  return text;
}

function assertDate(workspace: Workspace, date: string | undefined): void {
  if (date === undefined) return;
  if (!isRealDate(date))
    throw invalid(`lastValidation ${quote(date)} is no date of the calendar. Give YYYY-MM-DD.`);
  if (date > latestToday(workspace.now()))
    throw invalid(`lastValidation ${date} is in the future. Give the day on which the task was validated.`);
}

function assertBranch(branch: string | undefined): void {
  if (branch !== undefined && /\s/.test(branch))
    throw invalid(`branch ${quote(branch)} contains spaces, so it is no branch name. Give the name alone.`);
}

function assertEvidence({ files }: Workspace, evidence: string): void {
  const { problems, existing, prose, urls } = createPathAsker(files, undefined).facts(escapePipes(evidence));
  const outside = problems.find(({ what }) => what === 'outside');
  if (outside !== undefined)
    throw new SpecError(
      'OUTSIDE_WORKSPACE',
      `The evidence ${quote(outside.item.text)} is outside the workspace, by its text or by a symbolic link. Put it into the repository and give its path relative to the root.`,
    );
  const [missing] = problems;
  if (missing !== undefined)
    throw new SpecError(
      'REFUSED',
      `The evidence ${quote(missing.item.text)} does not exist in this workspace. Produce it first, or correct the path, relative to the root.`,
    );
  if (existing === 0 || prose + urls > 0)
    throw new SpecError(
      'REFUSED',
      `The evidence ${quote(evidence)} is not a path in this workspace. Give the path of a file or folder, several separated by commas; put text into note.`,
    );
}

function assertProven({ files }: Workspace, row: ParsedRow, evidence: string | undefined): void {
  if (evidence !== undefined) return;
  const { existing } = createPathAsker(files, undefined).facts(rawOf(row, 'evidence'));
  if (existing > 0) return;
  const raw = rawOf(row, 'evidence');
  const why = raw === '' ? 'it names none' : `${quote(raw)} is no path that exists`;
  throw new SpecError(
    'REFUSED',
    `Done needs evidence in the workspace, and the row has none: ${why}. Give evidence with the path of a file that proves it, in a table that has an Evidence column.`,
  );
}

/** What Notes gets: the date, the change of status if there is one, the note. '' for nothing. */
function historyEntry(workspace: Workspace, row: ParsedRow, { status, note, evidence }: Changes): string {
  const raw = rawOf(row, 'status');
  const before = readStatus(raw).status;
  const date = utcDate(workspace.now());
  if (status === undefined || status === before) return note === undefined ? '' : `${date}: ${note}`;
  if (note === undefined && evidence === undefined)
    throw new SpecError(
      'REFUSED',
      `A change of status from ${before ?? quote(raw)} to ${status} needs a reason. Give note or evidence with it.`,
    );
  columnFor(row, 'note');
  return `${date}: ${before ?? shownStatus(raw)} -> ${status}.${note === undefined ? '' : ` ${note}`}`;
}

function shownStatus(raw: string): string {
  const text = plainText(raw);
  if (text === '') return '(no status)';
  return text.length > SHOWN_STATUS ? `${text.slice(0, SHOWN_STATUS)}...` : text;
}

function columnFor({ layout, cells }: ParsedRow, field: keyof Changes): number {
  const column = layout.roles[ROLES[field]];
  const name = COLUMN_NAMES[field];
  if (column === -1)
    throw invalid(
      `The table of this task has no ${name} column, which this change needs. Its columns are ${quote(layout.headers.join(', '))}; add the column, or leave that out.`,
    );
  if (column >= cells.count)
    throw new SpecError(
      'REFUSED',
      `The row has ${cells.count} cells and the header ${layout.headers.length}: the ${name} cell is missing. Mend the row first (lint_tasks shows how), then call again.`,
    );
  return column;
}

function rawOf({ layout, text, cells }: ParsedRow, role: Role): string {
  return cellAt(text, cells, layout.roles[role]);
}

function textOf(row: ParsedRow, role: Role): string {
  return unescapePipes(rawOf(row, role));
}

function invalid(message: string): SpecError {
  return new SpecError('INVALID_ARGUMENT', message);
}
