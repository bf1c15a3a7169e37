import type { RedactionStream, Redactor } from '../workspace/redactor.js';
import { createCutOut, REDACTED } from './cut-out.js';
import { createNeedleSearch, type NeedleSearch } from './needle-search.js';
import { needlesOf } from './needles.js';
import { createPatternSearch, namesSecret, PATTERN_REACH } from './patterns.js';

const BATCH = 64 * 1024;

/** No pattern matches anything shorter, and no secret is. */
const SHORTEST_MATCH = 7;

/**
 * Hides `secrets` (values under 8 characters are ignored) in every form listed at `needlesOf`, and whatever looks like
 * a secret. All else keeps its bytes. What is hidden does not depend on how the input was cut into pieces.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const needles = createNeedleSearch(needlesOf(secrets));
  const reach = Math.max(PATTERN_REACH, needles.reach);
  const stream = (from = 0, to = Number.POSITIVE_INFINITY) => openStream(needles, reach, from, to);
  const text = (value: string): string => {
    if (value.length < SHORTEST_MATCH) return value;
    const one = stream();
    const redacted = Buffer.concat([one.push(Buffer.from(value)), one.end()]);
    return one.count() === 0 ? value : redacted.toString();
  };
  return { reach, stream, text, json: value => redactJson(value, text) };
}

function redactJson<T>(value: T, text: (value: string) => string): T;
function redactJson(value: unknown, text: (value: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map(item => redactJson(item, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      text(name),
      typeof member === 'string' && member !== '' && namesSecret(name) ? REDACTED : redactJson(member, text),
    ]),
  );
}

function openStream(needles: NeedleSearch, reach: number, from: number, to: number): RedactionStream {
  const patterns = createPatternSearch();
  const cutOut = createCutOut(from, to);
  /** The input from offset `base` on: one byte that is decided, as context, and all that is not. */
  let window = Buffer.alloc(0);
  let base = 0;
  let decided = 0;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;

  const advance = (final: boolean): Buffer => {
    window = Buffer.concat([window, ...waiting]);
    waiting = [];
    waitingBytes = 0;
    const decide = base + window.length - (final ? 0 : reach);
    if (decide <= decided) return Buffer.alloc(0);
    const found = [
      ...patterns.find(window.toString('latin1'), base, decide),
      ...needles.find(window, base, decided, decide),
    ];
    const output = cutOut.upTo(decide, found, window, base);
    window = Buffer.from(window.subarray(decide - 1 - base));
    base = decide - 1;
    decided = decide;
    return output;
  };

  return {
    push(bytes) {
      waiting.push(Buffer.from(bytes));
      waitingBytes += bytes.length;
      return window.length + waitingBytes < reach + BATCH ? Buffer.alloc(0) : advance(false);
    },
    end: () => advance(true),
    count: cutOut.count,
  };
}
