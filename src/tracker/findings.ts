import type { Counts, Finding } from '../../schemas/shared.js';
import type { Rule } from '../rule.js';

/** Findings of one file. All are counted; of each rule the first KEPT are listed, so that memory stays bounded. */
export interface Findings {
  readonly file: string;
  readonly listed: Finding[];
  readonly perRule: Map<Rule, number>;
}

const KEPT = 5000;

export function createFindings(file: string): Findings {
  return { file, listed: [], perRule: new Map() };
}

/** `line` and `column` from 1. `message` is called only for findings that are listed. */
export function report(
  { file, listed, perRule }: Findings,
  rule: Rule,
  line: number,
  column: number,
  message: () => string,
  fix?: string,
): void {
  const count = (perRule.get(rule) ?? 0) + 1;
  perRule.set(rule, count);
  if (count > KEPT) return;
  const { code, severity } = rule;
  const finding = { code, severity, file, line, column, message: message() };
  listed.push(fix === undefined ? finding : { ...finding, fix });
}

/** The rules of which more findings were made than listed, and how many more. */
export function unlisted({ perRule }: Findings): readonly [rule: Rule, count: number][] {
  return [...perRule].flatMap(([rule, count]) => (count > KEPT ? [[rule, count - KEPT]] : []));
}

export function countsOf({ perRule }: Findings): Counts {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const [rule, count] of perRule) counts[rule.severity] += count;
  return counts;
}

const rank = { error: 0, warning: 1, info: 2 } as const;

/** Errors first, then by place. */
export function sorted({ listed }: Findings): Finding[] {
  return listed.toSorted(
    (a, b) => rank[a.severity] - rank[b.severity] || a.line - b.line || a.column - b.column,
  );
}
