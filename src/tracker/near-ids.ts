const SHOWN = 3;
const LONGEST = 64;

/** Up to three ids that somebody who wrote `wanted` may have meant: in other case, or with one or two slips. */
export function nearIds(wanted: string, ids: Iterable<string>): string[] {
  const found: { id: string; distance: number }[] = [];
  const lower = wanted.toLowerCase();
  for (const id of ids) {
    const distance = id.length > LONGEST ? Number.POSITIVE_INFINITY : slips(lower, id.toLowerCase());
    if (distance <= 2) found.push({ id, distance });
  }
  return found
    .sort((a, b) => a.distance - b.distance)
    .slice(0, SHOWN)
    .map(({ id }) => id);
}

/** Edit distance up to 2; more is infinite. Cheap for the thousands of ids that are nothing alike. */
function slips(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let row = Array.from({ length: b.length - start + 1 }, (_, index) => index);
  for (let i = start; i < a.length; i++) {
    row = nextRow(row, a.charAt(i), b.slice(start));
    if (Math.min(...row) > 2) return Number.POSITIVE_INFINITY;
  }
  return row[b.length - start] ?? 0;
}

function nextRow(row: readonly number[], letter: string, b: string): number[] {
  const next = [(row[0] ?? 0) + 1];
  for (let j = 1; j <= b.length; j++) {
    const change = (row[j - 1] ?? 0) + (b.charAt(j - 1) === letter ? 0 : 1);
    next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
  }
  return next;
}
