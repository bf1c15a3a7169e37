import type { TrackerRow } from '../../schemas/tracker.js';
import { SpecError } from '../errors.js';
import type { Files, ReadFile } from '../workspace/files.js';
import type { Workspace } from '../workspace/workspace.js';
import { type Cells, createCells, isBlank, splitRow } from './cells.js';
import type { Layout } from './columns.js';
import { noTracker, readTracker } from './read.js';
import { trackerRow } from './row.js';
import { rowNotFound, severalRows } from './row-errors.js';
import { belongsTo } from './spec-rows.js';
import { buildIndex, placesOf, type RowPlace, type TrackerIndex } from './tracker-index.js';

const KEPT = 4;
const TRIES = 5;
/** Indexes of the trackers asked for last, as long as their workspace is open. */
const kept = new WeakMap<Files, Map<string, TrackerIndex>>();

/**
 * The row of a task. Of a file that did not change since the last call only this row's bytes are read.
 * Throws NOT_FOUND (no tracker; no such row, naming similar ids), AMBIGUOUS (several rows, with their lines), and what
 * `scanTracker` and `Files.read` throw.
 */
export function findRow(workspace: Workspace, path: string, taskId: string): TrackerRow {
  return answer(workspace, path, index => {
    const [place, ...others] = placesOf(index, taskId);
    if (place === undefined) throw rowNotFound(path, index, taskId);
    if (others.length > 0) throw severalRows(path, taskId, [place, ...others]);
    return readRows(workspace, path, index, [place])?.[0];
  });
}

/** Rows `start` to `start + limit` of all task tables, in the order of the file, and how many there are in all. */
export function listRows(
  workspace: Workspace,
  path: string,
  start: number,
  limit: number,
): { readonly rows: readonly TrackerRow[]; readonly total: number } {
  return answer(workspace, path, index => {
    const rows = readRows(workspace, path, index, index.rows.slice(start, start + limit));
    return rows && { rows, total: index.rows.length };
  });
}

/** All task ids, in the order of the file. */
export function listTaskIds(workspace: Workspace, path: string): readonly string[] {
  return [...currentIndex(workspace, path).byId.keys()];
}

/** The rows that belong to a spec, as `belongsTo` says. */
export function specRows(workspace: Workspace, path: string, specId: string): readonly TrackerRow[] {
  return answer(workspace, path, index => {
    const file = readTracker(workspace, path);
    if (file.version !== index.version) return undefined;
    return candidates(index, file.bytes, specId).flatMap(place => {
      const { layout, text, cells } = parseRow(
        index,
        place,
        file.bytes.subarray(place.byte, place.byte + place.bytes),
      );
      return belongsTo(layout, text, cells, specId) ? [trackerRow(layout, text, cells, place.line)] : [];
    });
  });
}

/** Asks again with a fresh index when the file changed between the index and the read. */
function answer<T>(workspace: Workspace, path: string, ask: (index: TrackerIndex) => T | undefined): T {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const found = ask(currentIndex(workspace, path));
    if (found !== undefined) return found;
  }
  throw new SpecError('BUSY', `${path} keeps changing while it is read. Call again in a moment.`);
}

/** The index of the file that was just read. */
export function indexOf(workspace: Workspace, path: string, { bytes, version }: ReadFile): TrackerIndex {
  const known = kept.get(workspace.files)?.get(path);
  return known?.version === version ? known : buildIndex(bytes, version);
}

function currentIndex(workspace: Workspace, path: string): TrackerIndex {
  const { files } = workspace;
  const { kind, version } = files.info(path);
  if (kind === 'missing') throw noTracker(path);
  const indexes = kept.get(files) ?? new Map<string, TrackerIndex>();
  kept.set(files, indexes);
  const known = indexes.get(path);
  indexes.delete(path);
  const index = known !== undefined && known.version === version ? known : freshIndex(workspace, path);
  indexes.set(path, index);
  for (const oldest of indexes.keys()) {
    if (indexes.size > KEPT) indexes.delete(oldest);
  }
  return index;
}

function freshIndex(workspace: Workspace, path: string): TrackerIndex {
  const { bytes, version } = readTracker(workspace, path);
  return buildIndex(bytes, version);
}

/** Undefined when the file is no longer the indexed one. */
function readRows(
  { files }: Workspace,
  path: string,
  index: TrackerIndex,
  places: readonly RowPlace[],
): TrackerRow[] | undefined {
  const first = places[0];
  const last = places.at(-1);
  if (first === undefined || last === undefined) return [];
  const length = last.byte + last.bytes - first.byte;
  const bytes = files.readRange(path, first.byte, length, index.version);
  return (
    bytes &&
    places.map(place => {
      const start = place.byte - first.byte;
      const { layout, text, cells } = parseRow(index, place, bytes.subarray(start, start + place.bytes));
      return trackerRow(layout, text, cells, place.line);
    })
  );
}

export interface ParsedRow {
  readonly layout: Layout;
  readonly text: string;
  /** Where the row starts after its indentation. */
  readonly from: number;
  readonly cells: Cells;
}

/** `bytes`: those of the row. */
export function parseRow(index: TrackerIndex, place: RowPlace, bytes: Buffer): ParsedRow {
  const table = index.tables[place.table];
  if (table === undefined) throw new Error('the index names a table it does not have');
  const text = bytes.toString();
  let from = 0;
  while (isBlank(text.charCodeAt(from))) from++;
  const cells = createCells();
  splitRow(text, from, cells);
  return { layout: table.layout, text, from, cells };
}

/** Rows with the id somewhere in their bytes; far fewer than all. */
function candidates(index: TrackerIndex, bytes: Buffer, specId: string): RowPlace[] {
  const found: RowPlace[] = [];
  for (let at = bytes.indexOf(specId); at !== -1; ) {
    const place = firstEndingAfter(index.rows, at);
    if (place === undefined) break;
    if (place.byte <= at) found.push(place);
    at = bytes.indexOf(specId, Math.max(at + 1, place.byte <= at ? place.byte + place.bytes : place.byte));
  }
  return found;
}

function firstEndingAfter(rows: readonly RowPlace[], byte: number): RowPlace | undefined {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const place = rows[middle];
    if (place !== undefined && place.byte + place.bytes > byte) high = middle;
    else low = middle + 1;
  }
  return rows[low];
}
