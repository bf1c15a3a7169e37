import type { Check, GuardrailReport, Waiver } from '../../schemas/guardrail.js';

/** What checks and waivers of a report may have: clients show their model the whole text. */
const CHECK_BYTES = 5000;
const WAIVER_BYTES = 1000;
const LONGEST = 500;

const RANK = { failed: 0, not_run: 1, waived: 2, passed: 3 } as const;

/** The checks and waivers that a caller gets to see, in their order: passed ones go first when not all fit. The evidence has all. */
export function reported(
  checks: readonly Check[],
  waivers: readonly Waiver[],
): Pick<GuardrailReport, 'checks' | 'waivers' | 'omitted'> {
  const short = checks.map(({ name, status, message, required }) => ({
    name,
    status,
    message: shortened(message),
    required,
  }));
  const ranked = short.toSorted((a, b) => rankOf(a) - rankOf(b));
  const kept = new Set(thatFit(ranked, CHECK_BYTES));
  const shown = short
    .filter(check => kept.has(check))
    .map(({ name, status, message }) => ({ name, status, message }));
  const excused = thatFit(
    waivers.map(({ check, by, reason }) => ({ check, by: shortened(by), reason: shortened(reason) })),
    WAIVER_BYTES,
  );
  const omitted = checks.length - shown.length + waivers.length - excused.length;
  return { checks: shown, waivers: excused, ...(omitted === 0 ? {} : { omitted }) };
}

/** What has nothing configured says the least. */
function rankOf({ status, required }: Pick<Check, 'status' | 'required'>): number {
  return status === 'not_run' && !required ? RANK.passed + 1 : RANK[status];
}

function thatFit<T>(items: readonly T[], most: number): T[] {
  let bytes = 0;
  const end = items.findIndex(item => {
    bytes += Buffer.byteLength(JSON.stringify(item));
    return bytes > most;
  });
  return end === -1 ? [...items] : items.slice(0, end);
}

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
}
