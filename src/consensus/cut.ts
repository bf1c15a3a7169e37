/** Bytes of UTF-8 text for one token, estimated low so that budgets are kept. */
const BYTES_PER_TOKEN = 3.2;
const HEAD = 0.7;
/** What the line that says how much is missing may take. */
const MARKER_BYTES = 120;

export interface Cut {
  readonly text: string;
  readonly linesOmitted: number;
}

/** Estimated, rounded up. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/**
 * At most about `tokens` of a text: 70 % from its start and 30 % from its end, whole lines, with a line between them that
 * says what is missing. A line longer than its part is left out whole.
 */
export function cutToTokens(text: string, tokens: number): Cut {
  if (estimateTokens(text) <= tokens) return { text, linesOmitted: 0 };
  const bytes = Math.max(0, Math.floor(tokens * BYTES_PER_TOKEN) - MARKER_BYTES);
  const lines = text.split('\n');
  const head = fitting(lines, Math.floor(bytes * HEAD));
  const tail = fitting(lines.slice(head).reverse(), bytes - Math.floor(bytes * HEAD));
  const linesOmitted = lines.length - head - tail;
  const left = lines.slice(head, lines.length - tail).join('\n');
  const marker = `[... ${linesOmitted} lines (${Buffer.byteLength(left)} bytes) are left out here to keep the budget ...]`;
  return {
    text: [...lines.slice(0, head), marker, ...lines.slice(lines.length - tail)].join('\n'),
    linesOmitted,
  };
}

/** How many lines from the start fit into `bytes`, their line ends included. */
function fitting(lines: readonly string[], bytes: number): number {
  let used = 0;
  let count = 0;
  for (const line of lines) {
    used += Buffer.byteLength(line) + 1;
    if (used > bytes) break;
    count++;
  }
  return count;
}

/**
 * Tokens for each document of `needs`: all that it needs while the budget lasts. Else the first one gets up to half of it and
 * the others equal shares of the rest; what one does not need goes to the others, and at last to the first.
 */
export function shareTokens(needs: readonly number[], budget: number): readonly number[] {
  const sum = needs.reduce((total, need) => total + need, 0);
  if (sum <= budget) return needs;
  const [first = 0, ...rest] = needs;
  const own = Math.min(first, rest.length === 0 ? budget : Math.floor(budget / 2));
  const shares = evenShares(rest, budget - own);
  const left = budget - own - shares.reduce((total, share) => total + share, 0);
  return [Math.min(first, own + left), ...shares];
}

function evenShares(needs: readonly number[], budget: number): readonly number[] {
  const shares = needs.map(() => 0);
  const order = needs.map((need, index) => ({ need, index })).sort((a, b) => a.need - b.need);
  let left = budget;
  for (const [done, { need, index }] of order.entries()) {
    const share = Math.min(need, Math.floor(left / (order.length - done)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}
