import type { Listed, Page } from './resource.js';

/** A page of entries that are all at hand; `from` is an index. */
export function pageOf(entries: readonly Listed[], from: string | undefined, limit: number): Page {
  const start = /^\d{1,9}$/.test(from ?? '') ? Number(from) : 0;
  const end = start + limit;
  return { entries: entries.slice(start, end), ...(end < entries.length ? { next: String(end) } : {}) };
}

/** Values that start with what was typed so far, whatever its case. */
export function startingWith(values: readonly string[], typed: string): readonly string[] {
  const wanted = typed.toLowerCase();
  return values.filter(value => value.toLowerCase().startsWith(wanted));
}
