import type { Counts, Finding, Severity } from '../../schemas/shared.js';

const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Bytes of JSON that one page of findings may take, so that a result stays readable for a model. */
const PAGE_BYTES = 6000;

export function countFindings(findings: readonly Finding[]): Counts {
  const count = (severity: Severity) => findings.filter(finding => finding.severity === severity).length;
  return { error: count('error'), warning: count('warning'), info: count('info') };
}

export function addCounts(a: Counts, b: Counts): Counts {
  return { error: a.error + b.error, warning: a.warning + b.warning, info: a.info + b.info };
}

/** Errors first, then by file and place. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      rank[a.severity] - rank[b.severity] ||
      Number(a.file > b.file) - Number(a.file < b.file) ||
      a.line - b.line ||
      a.column - b.column,
  );
}

/** The findings from `start` on, as many as the limit and the size of a page allow; `next` is where the following page starts. */
export function pageOfFindings(
  findings: readonly Finding[],
  start: number,
  limit: number,
): { page: Finding[]; next: number | undefined } {
  const page: Finding[] = [];
  let bytes = 0;
  for (const finding of findings.slice(start, start + limit)) {
    bytes += Buffer.byteLength(JSON.stringify(finding));
    if (bytes > PAGE_BYTES && page.length > 0) break;
    page.push(finding);
  }
  const next = start + page.length;
  return { page, next: next < findings.length ? next : undefined };
}
