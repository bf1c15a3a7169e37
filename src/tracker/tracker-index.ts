import { plainText } from './cell-text.js';
import { cellAt } from './cells.js';
import { type Scanned, scanTracker, type Table } from './scan.js';

/** Where every task row of one version of a tracker lies, so that one row can be read without the rest. */
export interface TrackerIndex {
  readonly version: string;
  readonly tables: readonly Table[];
  /** One entry a row, in the order of the file. */
  readonly rows: readonly RowPlace[];
  /** Rows by task id: their indexes in `rows`. */
  readonly byId: ReadonlyMap<string, number | readonly number[]>;
  /** Lines with pipes that are in no table, by what stands where the id column of the last table is. */
  readonly strays: ReadonlyMap<string, number>;
  readonly unclosed: Scanned['unclosed'];
}

export interface RowPlace {
  readonly table: number;
  readonly line: number;
  readonly byte: number;
  readonly bytes: number;
}

const MAX_STRAYS = 1000;
/** V8 keeps a longer slice as a view that holds the whole piece of the file it was cut from. */
const LONGEST_COPY = 12;

/** Throws what `scanTracker` throws. */
export function buildIndex(bytes: Buffer, version: string): TrackerIndex {
  const rows: RowPlace[] = [];
  const byId = new Map<string, number | number[]>();
  const strays = new Map<string, number>();
  let last: Table | undefined;
  const scanned = scanTracker(bytes, {
    row(table, line, cells) {
      last = table;
      addId(byId, plainText(cellAt(line.text, cells, table.layout.roles.id)), rows.length);
      rows.push({ table: table.number, line: line.number, byte: line.byte, bytes: line.bytes });
    },
    loose({ text, number }, cells) {
      if (last === undefined || strays.size >= MAX_STRAYS) return;
      strays.set(ownCopy(plainText(cellAt(text, cells, last.layout.roles.id))), number);
    },
  });
  return { version, tables: scanned.tables, rows, byId, strays, unclosed: scanned.unclosed };
}

export function placesOf(index: TrackerIndex, taskId: string): readonly RowPlace[] {
  const found = index.byId.get(taskId) ?? [];
  const numbers = typeof found === 'number' ? [found] : found;
  return numbers.flatMap(number => index.rows[number] ?? []);
}

function addId(byId: Map<string, number | number[]>, id: string, row: number): void {
  if (id === '') return;
  const known = byId.get(id);
  if (known === undefined) byId.set(ownCopy(id), row);
  else if (typeof known === 'number') byId.set(id, [known, row]);
  else known.push(row);
}

function ownCopy(text: string): string {
  return text.length <= LONGEST_COPY ? text : Buffer.from(text).toString();
}
