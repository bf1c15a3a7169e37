import { isDigit } from './block-starts.js';
import { type Cells, locate } from './cells.js';

/**
 * On which line each value was seen first. Values that count up (`T1`, `T2`, ...) are kept as the text before the number and
 * one array slot for each, which is several times cheaper than a hash entry for each text.
 */
export interface Seen {
  readonly lines: Map<string, number[]>;
  /** Those of the value before. */
  lastPrefix: string;
  lastLines: number[];
}

const LONGEST_NUMBER = 6;
const ZERO = 48;

export function createSeen(): Seen {
  const lines: number[] = [];
  return { lines: new Map([['', lines]]), lastPrefix: '', lastLines: lines };
}

/** The line where `value` was seen before; 0 when it is new, and from now on `line` is where it was seen. */
export function firstLine(seen: Seen, value: string, line: number): number {
  const start = numberStart(value);
  const prefix = start === value.length ? `${value}\n` : value.slice(0, start);
  const lines = seen.lines.get(prefix) ?? [];
  seen.lines.set(prefix, lines);
  if (start < value.length) {
    seen.lastPrefix = prefix;
    seen.lastLines = lines;
  }
  return firstIn(lines, Number(value.slice(start)), line);
}

/** As `firstLine` for a cell that counts on from the value before; undefined when it does not, and nothing is noted. */
export function nextFirstLine(
  seen: Seen,
  text: string,
  cells: Cells,
  column: number,
  line: number,
): number | undefined {
  locate(text, cells, column);
  const { lastPrefix } = seen;
  const start = cells.from + lastPrefix.length;
  const digits = cells.to - start;
  if (digits < 1 || digits > LONGEST_NUMBER || text.charCodeAt(start) === ZERO) return undefined;
  for (let i = 0; i < lastPrefix.length; i++) {
    if (text.charCodeAt(cells.from + i) !== lastPrefix.charCodeAt(i)) return undefined;
  }
  let number = 0;
  for (let i = start; i < cells.to; i++) {
    const code = text.charCodeAt(i);
    if (!isDigit(code)) return undefined;
    number = number * 10 + code - ZERO;
  }
  return firstIn(seen.lastLines, number, line);
}

function firstIn(lines: number[], number: number, line: number): number {
  const first = lines[number];
  if (first !== undefined) return first;
  lines[number] = line;
  return 0;
}

/** Where the number at the end starts, without zeros in front of it, so that text and number give back the value. */
function numberStart(value: string): number {
  let start = value.length;
  const limit = Math.max(0, start - LONGEST_NUMBER);
  for (let i = start - 1; i >= limit; i--) {
    const code = value.charCodeAt(i);
    if (!isDigit(code)) break;
    if (code !== ZERO || i === value.length - 1) start = i;
  }
  return start;
}
