import type { TaskStatus } from '../../schemas/inputs/tracker.js';
import { plainText } from './cell-text.js';
import { isRealDate } from './dates.js';

/**
 * What a status cell means. `how` it was written: `exact`; in another `format` (emphasis, case, dashes for blanks); by an
 * `alias`, or with a date after it; `unknown`, which is never finished; `empty`.
 */
export interface StatusReading {
  readonly status: TaskStatus | null;
  readonly how: 'exact' | 'format' | 'alias' | 'unknown' | 'empty';
}

const NAMES: ReadonlyMap<string, TaskStatus> = new Map([
  ['backlog', 'Backlog'],
  ['in progress', 'In Progress'],
  ['in review', 'In Review'],
  ['blocked', 'Blocked'],
  ['done', 'Done'],
]);

/** Words that mean one of the five beyond doubt. Whatever could also mean "given up" is not here. */
const ALIASES: ReadonlyMap<string, TaskStatus> = new Map([
  ['todo', 'Backlog'],
  ['to do', 'Backlog'],
  ['pending', 'Backlog'],
  ['not started', 'Backlog'],
  ['planned', 'Backlog'],
  ['queued', 'Backlog'],
  ['open', 'Backlog'],
  ['wip', 'In Progress'],
  ['work in progress', 'In Progress'],
  ['inprogress', 'In Progress'],
  ['doing', 'In Progress'],
  ['started', 'In Progress'],
  ['ongoing', 'In Progress'],
  ['active', 'In Progress'],
  ['review', 'In Review'],
  ['needs review', 'In Review'],
  ['under review', 'In Review'],
  ['awaiting review', 'In Review'],
  ['ready for review', 'In Review'],
  ['complete', 'Done'],
  ['completed', 'Done'],
  ['closed', 'Done'],
  ['finished', 'Done'],
]);

/** No status we know is longer, and a cell may be. */
const LONGEST = 64;
const EMPHASIS = '*_`';

export function readStatus(raw: string): StatusReading {
  if (raw === '') return { status: null, how: 'empty' };
  if (raw.length > LONGEST) return { status: null, how: 'unknown' };
  const text = withoutEmphasis(raw);
  const known = lookUp(text);
  if (known !== undefined) return { status: known.status, how: raw === known.status ? 'exact' : known.how };
  const undated = lookUp(withoutEmphasis(withoutDate(text)));
  if (undated !== undefined) return { status: undated.status, how: 'alias' };
  return { status: null, how: 'unknown' };
}

function lookUp(text: string): { status: TaskStatus; how: 'format' | 'alias' } | undefined {
  const words = text.toLowerCase().replace(/[\s_-]+/g, ' ');
  const name = NAMES.get(words);
  if (name !== undefined) return { status: name, how: 'format' };
  const alias = ALIASES.get(words);
  return alias === undefined ? undefined : { status: alias, how: 'alias' };
}

/** A trailing `2025-09-29` or `(2025-09-29)` cut off. */
function withoutDate(text: string): string {
  const bracketed = text.endsWith(')');
  const end = bracketed ? text.length - 1 : text.length;
  const start = end - 'YYYY-MM-DD'.length;
  if (start < 1 || !isRealDate(text.slice(start, end))) return text;
  const before = bracketed ? start - 1 : start;
  if (bracketed ? text.charAt(before) !== '(' : text.charAt(before - 1) !== ' ') return text;
  return text.slice(0, before).trim();
}

/** Struck out text keeps its marks: it says the opposite. */
function withoutEmphasis(raw: string): string {
  return EMPHASIS.includes(raw.charAt(0)) && !raw.includes('~') ? plainText(raw) : raw.trim();
}
