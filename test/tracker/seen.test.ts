import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCells, splitRow } from '../../src/tracker/cells.js';
import { createSeen, firstLine, nextFirstLine } from '../../src/tracker/seen.js';

const number = fc.oneof(
  fc.integer({ min: 0, max: 12 }).map(String),
  fc.constantFrom('', '0', '00', '01', '007', '999999', '1000000', '12345678', '٣'),
);
const value = fc.tuple(fc.constantFrom('', 'T', 'T1', 'SPEC-', 'T-0'), number, fc.constantFrom('', '', 'x'));

test('each value is known from the line where it was seen first, in whatever way it is asked', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 40 }), values => {
      const seen = createSeen();
      const known = new Map<string, number>();
      const cells = createCells();
      for (const [index, parts] of values.entries()) {
        const id = parts.join('');
        const line = index + 1;
        const text = `| a | ${id} |`;
        splitRow(text, 0, cells);
        const quick = nextFirstLine(seen, text, cells, 1, line);
        expect(quick ?? firstLine(seen, id, line), id).toBe(known.get(id) ?? 0);
        if (!known.has(id)) known.set(id, line);
      }
    }),
    { numRuns: 500 },
  );
});

test('values that count on are answered without a new look-up', () => {
  const seen = createSeen();
  const cells = createCells();
  firstLine(seen, 'T1', 1);
  const ask = (id: string) => {
    const text = `|${id}|`;
    splitRow(text, 0, cells);
    return nextFirstLine(seen, text, cells, 0, 2);
  };
  expect(['T2', 'T1', 'T2', 'T03', 'U2', 'T', 'Tx', 'T1234567'].map(ask)).toEqual([
    0,
    1,
    2,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
