import type { Settings } from '../../schemas/settings.js';
import type { Cost } from '../../schemas/telemetry-v2.js';
import type { Usage } from '../agents/agent.js';

export type Price = Settings['prices'][string];

/** Date of the built-in table: list prices in US dollars for a million tokens. The user's `[prices]` come first. */
export const PRICES_AS_OF = '2026-03-01';

interface TablePrice extends Price {
  /** Longer prompts have a price that is not in the table. */
  readonly up_to?: number;
}

/** By exact id alone: a price of a model with a similar name is a guess. */
const table: Readonly<Record<string, TablePrice>> = {
  'gpt-5': { input: 1.25, cached_input: 0.125, output: 10 },
  'gpt-5-codex': { input: 1.25, cached_input: 0.125, output: 10 },
  'gpt-5-mini': { input: 0.25, cached_input: 0.025, output: 2 },
  'gpt-5-nano': { input: 0.05, cached_input: 0.005, output: 0.4 },
  'claude-opus-4-1-20250805': { input: 15, cached_input: 1.5, cache_write: 18.75, output: 75 },
  'claude-sonnet-4-5-20250929': {
    input: 3,
    cached_input: 0.3,
    cache_write: 3.75,
    output: 15,
    up_to: 200_000,
  },
  'claude-haiku-4-5-20251001': { input: 1, cached_input: 0.1, cache_write: 1.25, output: 5 },
  'gemini-2.5-pro': { input: 1.25, cached_input: 0.125, output: 10, up_to: 200_000 },
  'gemini-2.5-flash': { input: 0.3, cached_input: 0.03, output: 2.5 },
  'gemini-2.5-flash-lite': { input: 0.1, cached_input: 0.01, output: 0.4 },
};

/** Names that a provider itself documents for one of these versions. No name that only looks like one. */
const aliases: Readonly<Record<string, string>> = {
  'claude-opus-4-1': 'claude-opus-4-1-20250805',
  'claude-sonnet-4-5': 'claude-sonnet-4-5-20250929',
  'claude-haiku-4-5': 'claude-haiku-4-5-20251001',
};

const UNKNOWN: Cost = { usd: null, source: 'none', table_version: null, exact: false };
const MILLION = 1_000_000;

/**
 * What the attempts of one agent cost: as the provider says, else by the user's table, else by the built-in one, else unknown.
 * `usages`: one for each attempt; an attempt without usage makes the cost unknown, not smaller.
 */
export function costOf(
  model: string | null,
  usages: readonly (Usage | null)[],
  reportedUsd: number | null,
  prices: Settings['prices'],
): Cost {
  if (reportedUsd !== null && Number.isFinite(reportedUsd) && reportedUsd >= 0)
    return { usd: reportedUsd, source: 'provider', table_version: null, exact: true };
  const own = model === null ? undefined : entryOf(prices, model);
  const price = own ?? (model === null ? undefined : inTable(model));
  if (price === undefined || usages.length === 0) return UNKNOWN;
  const source = own === undefined ? 'table' : 'settings';
  const parts = usages.map(usage => (usage === null ? null : priced(usage, price)));
  const known = parts.flatMap(part => (part === null ? [] : [part]));
  if (known.length < parts.length) return UNKNOWN;
  return {
    usd: rounded(known.reduce((sum, part) => sum + part.usd, 0)),
    source,
    table_version: source === 'table' ? PRICES_AS_OF : null,
    exact: known.every(part => part.exact),
  };
}

/** The most that a call can cost, for a budget that is checked before it; null when the model has no price. */
export function estimateUsd(
  model: string | null,
  inputTokens: number,
  maxOutputTokens: number,
  prices: Settings['prices'],
): number | null {
  const price = model === null ? undefined : (entryOf(prices, model) ?? inTable(model));
  if (price === undefined || inputTokens > (price.up_to ?? inputTokens)) return null;
  const input = Math.max(price.input, price.cache_write ?? 0);
  return rounded((inputTokens * input + maxOutputTokens * price.output) / MILLION);
}

export interface Total {
  /** Null when a part is not known. */
  readonly value: number | null;
  readonly complete: boolean;
}

/** A sum is known when each of its parts is. */
export function totalOf(parts: readonly (number | null)[]): Total {
  const known = parts.flatMap(part => (part === null ? [] : [part]));
  const complete = known.length === parts.length;
  return { value: complete ? rounded(known.reduce((sum, part) => sum + part, 0)) : null, complete };
}

function inTable(model: string): TablePrice | undefined {
  const alias = Object.hasOwn(aliases, model) ? aliases[model] : undefined;
  return entryOf(table, alias ?? model);
}

function entryOf(prices: Readonly<Record<string, TablePrice>>, model: string): TablePrice | undefined {
  return Object.hasOwn(prices, model) ? prices[model] : undefined;
}

function priced({ input, cachedInput, cacheWrite, output }: Usage, price: TablePrice) {
  if (input === null || output === null || input > (price.up_to ?? input)) return null;
  const cached = Math.min(cachedInput ?? 0, input);
  const written = Math.min(cacheWrite ?? 0, input - cached);
  const usd =
    (input - cached - written) * price.input +
    cached * (price.cached_input ?? price.input) +
    written * (price.cache_write ?? price.input) +
    output * price.output;
  const exact =
    cachedInput !== null &&
    (cached === 0 || price.cached_input !== undefined) &&
    (written === 0 || price.cache_write !== undefined);
  return { usd: usd / MILLION, exact };
}

/** To a millionth of a dollar's millionth: sums of decimal prices carry no dust of binary ones. */
function rounded(usd: number): number {
  return Math.round(usd * 1e12) / 1e12;
}
