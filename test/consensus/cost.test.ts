import { expect, test } from 'vitest';
import { costOf, estimateUsd, PRICES_AS_OF, totalOf } from '../../src/consensus/cost.js';

const usage = { input: 1_000_000, cachedInput: 400_000, cacheWrite: 0, output: 100_000, reasoning: 1 };
const short = { input: 1_000, cachedInput: 0, cacheWrite: 0, output: 100, reasoning: 0 };
const own = { 'my-model': { input: 2, output: 8, cached_input: 0.5, cache_write: 3 } };

test('the provider’s own figure comes before every table', () => {
  expect(costOf('gpt-5', [usage], 0.25, {})).toEqual({
    usd: 0.25,
    source: 'provider',
    table_version: null,
    exact: true,
  });
  expect(costOf(null, [], 0, {}).usd).toBe(0);
  for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(costOf('gpt-5', [usage], wrong, {}).source).toBe('table');
});

test('the user’s prices come before the built-in ones', () => {
  expect(costOf('gpt-5', [usage], null, { 'gpt-5': { input: 1, output: 1 } })).toEqual({
    usd: 1.1,
    source: 'settings',
    table_version: null,
    exact: false,
  });
  expect(costOf('my-model', [{ ...usage, cacheWrite: 100_000 }], null, own)).toEqual({
    usd: 0.5 * 2 + 0.4 * 0.5 + 0.1 * 3 + 0.1 * 8,
    source: 'settings',
    table_version: null,
    exact: true,
  });
});

test('the built-in table has a date', () => {
  expect(costOf('gpt-5', [usage], null, own)).toEqual({
    usd: 0.6 * 1.25 + 0.4 * 0.125 + 1,
    source: 'table',
    table_version: PRICES_AS_OF,
    exact: true,
  });
});

test('a name that the provider itself documents for a version has its price', () => {
  for (const [alias, version] of [
    ['claude-sonnet-4-5', 'claude-sonnet-4-5-20250929'],
    ['claude-haiku-4-5', 'claude-haiku-4-5-20251001'],
    ['claude-opus-4-1', 'claude-opus-4-1-20250805'],
  ] as const) {
    expect(costOf(alias, [short], null, {})).toEqual(costOf(version, [short], null, {}));
    expect(estimateUsd(alias, 1000, 100, {})).toBeGreaterThan(0);
  }
  expect(estimateUsd('claude-sonnet-4-5', 1000, 0, { 'claude-sonnet-4-5': { input: 1, output: 1 } })).toBe(
    0.001,
  );
});

test.for([
  'gpt-5.1',
  'gpt-5-2025-08-07',
  'GPT-5',
  'claude-4.5-sonnet',
  'claude-sonnet-4-5-1',
  'toString',
  '__proto__',
  '',
])('the price of %j is not guessed from a name like it', model => {
  expect(costOf(model, [usage], null, own)).toEqual({
    usd: null,
    source: 'none',
    table_version: null,
    exact: false,
  });
  expect(estimateUsd(model, 1, 1, own)).toBeNull();
});

test('a long prompt has a price that the table does not know', () => {
  expect(costOf('gemini-2.5-pro', [{ ...short, input: 200_000 }], null, {}).usd).toBe(0.251);
  expect(costOf('gemini-2.5-pro', [{ ...short, input: 200_001 }], null, {}).usd).toBeNull();
  expect(estimateUsd('gemini-2.5-pro', 200_001, 1, {})).toBeNull();
});

test('an attempt without usage makes the cost unknown, not smaller', () => {
  expect(costOf('gpt-5', [short, short], null, {}).usd).toBe(0.0045);
  expect(costOf('gpt-5', [short, null], null, {})).toMatchObject({ usd: null, source: 'none' });
  expect(costOf('gpt-5', [{ ...short, output: null }], null, {}).usd).toBeNull();
  expect(costOf('gpt-5', [{ ...short, input: null }], null, {}).usd).toBeNull();
  expect(costOf('gpt-5', [], null, {}).usd).toBeNull();
  expect(costOf(null, [short], null, {}).usd).toBeNull();
});

test('a cost is exact only when every part has its own count and price', () => {
  expect(costOf('gpt-5', [{ ...short, cachedInput: null }], null, {})).toMatchObject({
    usd: 0.00225,
    exact: false,
  });
  expect(costOf('gpt-5', [{ ...short, cacheWrite: 5 }], null, {}).exact).toBe(false);
  expect(costOf('x', [{ ...short, cachedInput: 10 }], null, { x: { input: 1, output: 1 } }).exact).toBe(
    false,
  );
  expect(costOf('x', [{ ...short, cachedInput: 0 }], null, { x: { input: 1, output: 1 } }).exact).toBe(true);
});

test('counts that contradict each other never make a part negative', () => {
  const odd = { input: 10, cachedInput: 50, cacheWrite: 50, output: 0, reasoning: null };
  expect(costOf('my-model', [odd], null, own).usd).toBe((10 * 0.5) / 1e6);
});

test('an estimate takes the dearest price of the input and all of the output', () => {
  expect(estimateUsd('my-model', 1_000_000, 500_000, own)).toBe(3 + 4);
  expect(estimateUsd(null, 1, 1, own)).toBeNull();
});

test('a total with an unknown part is unknown', () => {
  expect(totalOf([0.1, 0.2])).toEqual({ value: 0.3, complete: true });
  expect(totalOf([0.1, null])).toEqual({ value: null, complete: false });
  expect(totalOf([])).toEqual({ value: 0, complete: true });
});
