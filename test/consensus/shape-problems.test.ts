import { expect, test } from 'vitest';
import * as z from 'zod';
import { quoted, shapeProblems } from '../../src/consensus/shape-problems.js';

const Shape = z.strictObject({
  text: z.string().max(5).optional(),
  count: z.number().optional(),
  flag: z.boolean().optional(),
  list: z
    .array(z.strictObject({ owner: z.string() }))
    .max(2)
    .optional(),
  inner: z.strictObject({ deep: z.literal('x') }).optional(),
  choice: z.enum(['a', 'b']).optional(),
  many: z.enum(Array.from({ length: 14 }, (_, i) => `v${i}`)).optional(),
  either: z.union([z.string(), z.strictObject({ a: z.string() })]).optional(),
});

test.for<[value: unknown, problems: string[]]>([
  [{}, []],
  [7, ['the answer must be an object, not a number']],
  [{ text: null }, ['text must be text, not null']],
  [{ text: [] }, ['text must be text, not a list']],
  [{ text: {} }, ['text must be text, not an object']],
  [{ text: true }, ['text must be text, not true or false']],
  [{ text: 'longer' }, ['text has more than 5 characters']],
  [{ count: 'x' }, ['count must be a number, not text']],
  [{ flag: 1 }, ['flag must be true or false, not a number']],
  [{ list: {} }, ['list must be a list, not an object']],
  [{ list: [{ owner: 'a' }, {}] }, ['list[1].owner is missing']],
  [{ list: [{ owner: 'a' }, { owner: 'b' }, { owner: 'c' }] }, ['list has more than 2 items']],
  [{ inner: {} }, ['inner.deep is missing']],
  [{ inner: { deep: 'y' } }, ['inner.deep must be "x", not "y"']],
  [{ inner: { deep: 1 } }, ['inner.deep must be "x", not a number']],
  [{ choice: 'c' }, ['choice must be one of a, b, not "c"']],
  [{ many: 'c' }, ['many must be one of v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11 …, not "c"']],
  [{ either: 7 }, ['either must be text or an object, not a number']],
  [{ either: [] }, ['either must be text or an object, not a list']],
  [{ either: {} }, ['either.a is missing']],
  [{ either: { a: 1 } }, ['either.a must be text, not a number']],
  [
    { x: 1, 'y\u001b[31m': 2 },
    [expect.stringMatching(/^the answer has properties that nobody asked for: x, y\P{Cc}*$/u)],
  ],
  [
    { list: Array.from({ length: 2 }, () => ({})), text: 1, count: 'x', flag: 'x', choice: 1 },
    [
      'text must be text, not a number',
      'count must be a number, not text',
      'flag must be true or false, not text',
      'list[0].owner is missing',
      'and 2 more',
    ],
  ],
])('%j: %j', ([value, problems]) => {
  expect(shapeProblems(Shape, value)).toEqual(problems);
});

test('what is quoted of an answer is inert, on one line and short', () => {
  expect(quoted('a\n  b\tc')).toBe('a b c');
  expect(quoted('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`);
  expect(quoted('x'.repeat(200))).toBe('x'.repeat(200));
  expect(quoted('abcdef', 4)).toBe('abc…');
  expect(quoted('\u001b]8;;http://x\u0007y')).not.toContain('\u001b');
});
