import { expect, test } from 'vitest';
import { createLimiter } from '../../src/server/rates.js';

const plenty = { perSecond: 1000, burst: 1000 };

test('allows a burst, then as many as the rate says', () => {
  let now = 0;
  const take = createLimiter({ perSecond: 2, burst: 3 }, plenty, () => now);
  expect([take('a'), take('a'), take('a'), take('a')]).toEqual([0, 0, 0, 1]);
  now = 500;
  expect([take('a'), take('a')]).toEqual([0, 1]);
  now = 60_000;
  expect([take('a'), take('a'), take('a'), take('a')]).toEqual([0, 0, 0, 1]);
});

test('says in how many seconds to ask again, and asking costs nothing', () => {
  let now = 0;
  const take = createLimiter({ perSecond: 0.1, burst: 1 }, plenty, () => now);
  expect([take('a'), take('a'), take('a')]).toEqual([0, 10, 10]);
  now = 4000;
  expect(take('a')).toBe(6);
  now = 10_000;
  expect(take('a')).toBe(0);
});

test('counts callers by themselves and together', () => {
  const take = createLimiter({ perSecond: 1, burst: 2 }, { perSecond: 1, burst: 3 }, () => 0);
  expect([take('a'), take('a'), take('a')]).toEqual([0, 0, 1]);
  expect([take('b'), take('b')]).toEqual([0, 1]);
});
