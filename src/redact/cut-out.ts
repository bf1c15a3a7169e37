import type { Span } from './needle-search.js';

export const REDACTED = '[redacted]';

const MARK = Buffer.from(REDACTED);

export interface CutOut {
  /**
   * The input from where the last call ended up to `to`, with each run of overlapping spans replaced by one mark.
   * `found` must hold every span that starts before `to`; `input` begins at offset `base`.
   */
  upTo(to: number, found: readonly Span[], input: Buffer, base: number): Buffer;
  /** How many marks were given out. */
  count(): number;
}

/** Gives out only what stands at offsets `[keepFrom, keepTo)`; a span that reaches into it leaves its mark. */
export function createCutOut(keepFrom: number, keepTo: number): CutOut {
  let position = 0;
  let hiddenTo = -1;
  let ahead: readonly Span[] = [];
  let count = 0;
  return {
    upTo(to, found, input, base) {
      const output: Buffer[] = [];
      const copyTo = (end: number) => {
        const first = Math.max(position, hiddenTo, keepFrom);
        const last = Math.min(end, keepTo);
        if (first < last) output.push(input.subarray(first - base, last - base));
        position = end;
      };
      const known = [...ahead, ...found];
      ahead = known.filter(({ start }) => start >= to);
      const due = known.filter(({ start }) => start < to).sort((one, other) => one.start - other.start);
      for (const { start, end } of due) {
        const continues = start <= hiddenTo;
        if (!continues) copyTo(start);
        const isKept = Math.max(start, keepFrom) < Math.min(end, keepTo);
        if (isKept && !(continues && hiddenTo > keepFrom)) {
          output.push(MARK);
          count++;
        }
        hiddenTo = Math.max(hiddenTo, end);
      }
      copyTo(to);
      return Buffer.concat(output);
    },
    count: () => count,
  };
}
