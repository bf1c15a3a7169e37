import { type Cells, locate } from './cells.js';

/** What a cell comes to, by its text. */
export type CellReader<T> = (text: string, cells: Cells, column: number) => T;

/** Longer texts are compared faster as strings of their own. */
const SHORT = 12;

/**
 * Works the answer out once for each distinct text. Neighbouring rows often say the same, so the last text is compared first,
 * in place: to cut the cell out and to hash it costs more than all else about it.
 */
export function remember<T>(judge: (raw: string) => T): CellReader<T> {
  const known = new Map<string, T>();
  let lastRaw: string | undefined;
  let last: T | undefined;
  return (text, cells, column) => {
    locate(text, cells, column);
    const length = cells.to - cells.from;
    if (last !== undefined && length <= SHORT && isAt(text, cells.from, length, lastRaw ?? '')) return last;
    const raw = text.slice(cells.from, cells.to);
    let answer = known.get(raw);
    if (answer === undefined) {
      answer = judge(raw);
      known.set(raw, answer);
    }
    lastRaw = raw;
    last = answer;
    return answer;
  };
}

function isAt(text: string, from: number, length: number, wanted: string): boolean {
  if (length !== wanted.length) return false;
  for (let i = 0; i < length; i++) {
    if (text.charCodeAt(from + i) !== wanted.charCodeAt(i)) return false;
  }
  return true;
}
