import { SpecError } from '../errors.js';
import { escapePipes, plainText } from './cell-text.js';
import { cellAt, isBlank } from './cells.js';
import { type Role, STANDARD_HEADERS } from './columns.js';
import { LIMITS } from './limits.js';
import { eachLine } from './lines.js';
import { scanTracker, type Table } from './scan.js';
import { buildIndex, placesOf } from './tracker-index.js';

/** Plain text of the cells that are known; a table without a column for one leaves it out. `order` is the next number. */
export type NewRow = Readonly<Partial<Record<Exclude<Role, 'order'>, string>>> & { readonly id: string };

export interface Appended {
  readonly bytes: Buffer;
  readonly row: string;
  /** From 1. */
  readonly line: number;
}

interface Place {
  readonly table: Table;
  readonly order: number;
  readonly indent: string;
}

/**
 * The tracker with one more row, below the last one of its task table and in that table's columns; every other byte is as
 * it was. Without a task table, or without a file (undefined), a standard one is added.
 * Throws EXISTS when the id is taken, REFUSED when Markdown would not read the row as it is meant, and what scanning throws.
 */
export function appendRow(bytes: Buffer | undefined, row: NewRow): Appended {
  const before = bytes ?? Buffer.from('# Tasks\n');
  const place = placeOf(before, row.id);
  const appended = place === undefined ? withNewTable(before, row) : withRow(before, place, row);
  if (appended.bytes.length > LIMITS.fileBytes)
    throw new SpecError('LIMIT_EXCEEDED', 'The tracker is full. Move finished tasks to another file.');
  assertReads(appended, row);
  return appended;
}

/** The standard table, else one with real ids, else any. */
function placeOf(bytes: Buffer, id: string): Place | undefined {
  const orders: number[] = [];
  const indents: string[] = [];
  const { tables } = scanTracker(bytes, {
    row({ number, layout }, { text, number: line }, cells) {
      if (plainText(cellAt(text, cells, layout.roles.id)) === id) throw taken(id, line);
      const order = Number(plainText(cellAt(text, cells, layout.roles.order)));
      if (Number.isSafeInteger(order)) orders[number] = Math.max(orders[number] ?? 0, order);
      indents[number] = text.slice(0, indentOf(text));
    },
  });
  const table =
    tables.find(({ layout }) => layout.standard) ??
    tables.find(({ layout }) => !layout.looseIds) ??
    tables[0];
  if (table === undefined) return undefined;
  return { table, order: (orders[table.number] ?? 0) + 1, indent: indents[table.number] ?? '' };
}

function taken(id: string, line: number): SpecError {
  return new SpecError(
    'EXISTS',
    `The tracker has a row for ${id} already, at line ${line}. Call again for another id.`,
  );
}

function indentOf(text: string): number {
  let from = 0;
  while (isBlank(text.charCodeAt(from))) from++;
  return from;
}

function withRow(bytes: Buffer, { table, order, indent }: Place, row: NewRow): Appended {
  const { roles, headers } = table.layout;
  const texts = headers.map(() => '');
  for (const role of ROLES) {
    const column = roles[role];
    if (column !== -1) texts[column] = role === 'order' ? String(order) : (row[role] ?? '');
  }
  const text = `${indent}${rowText(texts)}`;
  let end = 0;
  eachLine(bytes, line => {
    if (line.number === table.end - 1) end = line.byte + line.bytes;
  });
  const inserted = Buffer.from(`${lineEndAt(bytes, end)}${text}`);
  return {
    bytes: Buffer.concat([bytes.subarray(0, end), inserted, bytes.subarray(end)]),
    row: text.trimStart(),
    line: table.end,
  };
}

const ROLES: readonly Role[] = [
  'order',
  'id',
  'title',
  'status',
  'owners',
  'prd',
  'branch',
  'pr',
  'lastValidation',
  'evidence',
  'notes',
];

function rowText(texts: readonly string[]): string {
  return `|${texts.map(text => (text === '' ? '  ' : ` ${cellText(text)} `)).join('|')}|`;
}

/** A backslash at the end would escape the pipe after it if the blank between them were taken away. */
function cellText(text: string): string {
  return escapePipes(text.replace(/\\+$/, '').trim());
}

/** As the line at this place ends; else as the first line of the file does. */
function lineEndAt(bytes: Buffer, at: number): string {
  for (const end of ['\r\n', '\n', '\r'])
    if (
      bytes
        .subarray(at, at + 2)
        .toString('latin1')
        .startsWith(end)
    )
      return end;
  const first = /\r\n|\n|\r/.exec(bytes.subarray(0, LIMITS.lineBytes).toString('latin1'))?.[0];
  return first ?? '\n';
}

function withNewTable(bytes: Buffer, row: NewRow): Appended {
  const end = lineEndAt(bytes, bytes.length);
  const texts = ROLES.map(role => (role === 'order' ? '1' : (row[role] ?? '')));
  const text = rowText(texts);
  const lines = [
    `| ${STANDARD_HEADERS.join(' | ')} |`,
    `|${' --- |'.repeat(STANDARD_HEADERS.length)}`,
    text,
    '',
  ];
  const gap = `${/[\r\n]$/.test(bytes.subarray(-1).toString('latin1')) || bytes.length === 0 ? '' : end}${end}`;
  const whole = Buffer.concat([bytes, Buffer.from(gap + lines.join(end))]);
  let line = 0;
  eachLine(whole, ({ number, text: at }) => {
    if (at === text) line = number;
  });
  return { bytes: whole, row: text, line };
}

/** Read again as everybody will: the row is there, once, in its place, and says what it should. */
function assertReads({ bytes, line }: Appended, row: NewRow): void {
  const [place, ...others] = placesOf(buildIndex(bytes, ''), row.id);
  if (place !== undefined && others.length === 0 && place.line === line) return;
  throw new SpecError(
    'REFUSED',
    `The row of ${row.id} cannot stand in the tracker as it is: Markdown would read it differently. Close open code fences, HTML comments and blocks in it first (lint_tasks finds them).`,
  );
}
