import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearIds } from '../../src/tracker/near-ids.js';

/** Levenshtein's distance as it is defined. */
function distance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const [restA, restB] = [a.slice(1), b.slice(1)];
  if (a[0] === b[0]) return distance(restA, restB);
  return 1 + Math.min(distance(restA, b), distance(a, restB), distance(restA, restB));
}

const id = fc.string({ unit: fc.constantFrom('T', 't', '1', '2', '-'), maxLength: 6 });

test('an id is near exactly when two slips at most, or its case, set it apart', () => {
  fc.assert(
    fc.property(id, id, (wanted, other) => {
      const near = distance(wanted.toLowerCase(), other.toLowerCase()) <= 2;
      expect(nearIds(wanted, [other])).toEqual(near ? [other] : []);
    }),
    { numRuns: 500 },
  );
});

test('the nearest come first, three at most, and none that is longer than an id', () => {
  const ids = ['T1234', 'T12', 'T123', 't123', 'X9', 'T1235'];
  expect(nearIds('T123', ids)).toEqual(['T123', 't123', 'T1234']);
  const long = 'x'.repeat(65);
  expect(nearIds(long, [long])).toEqual([]);
  expect(nearIds('x'.repeat(64), ['x'.repeat(64)])).toHaveLength(1);
});
