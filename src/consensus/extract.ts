import { withoutSequences } from '../inert.js';
import { fencedBlocks, spansOf } from './json-spans.js';
import { isTemplateEcho, isTemplateText } from './placeholder.js';
import { type JsonReading, readJson } from './read-json.js';

export const MAX_ANSWER_BYTES = 2 * 1024 * 1024;

/** From the least telling to the most telling: of several candidates the last of these is reported. */
export const EXTRACT_REASONS = [
  'no_json',
  'invalid_json',
  'wrong_shape',
  'truncated',
  'too_deep',
  'template_echo',
  'empty',
  'too_large',
] as const;
export type ExtractReason = (typeof EXTRACT_REASONS)[number];

export type JsonObject = Readonly<Record<string, unknown>>;

export type Extraction =
  | { readonly object: JsonObject; readonly repaired: boolean }
  | { readonly reason: ExtractReason; readonly detail: string };

type JsonValue = Extract<JsonReading, { value: unknown }>;

const MAX_WRAPS = 2;
/** What an answer has whoever gives it. */
const REQUIRED_KEYS: readonly string[] = ['stage', 'agent'];

/**
 * The one JSON object of an answer: the whole text, else the last fenced block, else the last object in the prose that has the
 * required keys. Nothing is accepted whose end is missing. Linear time; never throws.
 */
export function extractObject(text: string, requiredKeys: readonly string[] = REQUIRED_KEYS): Extraction {
  if (text.length > MAX_ANSWER_BYTES || Buffer.byteLength(text) > MAX_ANSWER_BYTES)
    return { reason: 'too_large', detail: `it is over ${MAX_ANSWER_BYTES} bytes` };
  // A byte order mark counts as a blank at either end; within an answer it is a part of it.
  const clean = withoutSequences(text).trim();
  if (clean === '') return { reason: 'empty', detail: 'it is empty' };
  const whole = readJson(clean);
  if ('value' in whole) return accepted(whole, requiredKeys);
  if (whole.flaw === 'too_deep') return { reason: 'too_deep', detail: whole.detail };
  const cut = whole.flaw === 'truncated' && /^[{[]/.test(clean);
  if (cut && !isTemplateText(clean)) return { reason: 'truncated', detail: whole.detail };
  return fromProse(clean, requiredKeys);
}

function fromProse(text: string, requiredKeys: readonly string[]): Extraction {
  const { objects, unclosed, spoken } = spansOf(text);
  if (unclosed === 'thinking') return { reason: 'truncated', detail: 'the text ends inside the thinking' };
  if (unclosed === 'object') return unfinished(text);
  const blocks = fencedBlocks(spoken).filter(block => /^\s*[{["]/.test(block));
  let refused: Extraction = { reason: 'no_json', detail: 'there is no JSON object in it' };
  for (const candidate of [...blocks.toReversed(), ...objects.toReversed()]) {
    const found = candidateIn(candidate, requiredKeys);
    if (!('reason' in found)) return found;
    refused = moreTelling(refused, found);
  }
  return isTemplateText(text) ? templateEcho('it repeats the template') : refused;
}

/** A text whose last object is open: cut off, unless its end shows that the object itself is wrong. */
function unfinished(text: string): Extraction {
  if (isTemplateText(text)) return templateEcho('it repeats the template');
  return /[}`]$/.test(text)
    ? { reason: 'invalid_json', detail: 'an object in it does not end where it seems to' }
    : { reason: 'truncated', detail: 'the text ends inside an object' };
}

function candidateIn(text: string, requiredKeys: readonly string[]): Extraction {
  const reading = readJson(text);
  return 'value' in reading
    ? accepted(reading, requiredKeys)
    : { reason: reading.flaw, detail: reading.detail };
}

function accepted(
  reading: Extract<JsonReading, { value: unknown }>,
  requiredKeys: readonly string[],
): Extraction {
  const { object, repaired } = unwrapped(reading);
  if (object === undefined) return { reason: 'wrong_shape', detail: 'it is not one JSON object' };
  if (isTemplateEcho(object)) return templateEcho('a third of it or more are placeholders');
  const missing = requiredKeys.filter(key => !Object.hasOwn(object, key));
  return missing.length === 0
    ? { object, repaired }
    : {
        reason: 'wrong_shape',
        detail: `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
      };
}

/** The object itself, in a list of one, or written as a JSON string, or both. */
function unwrapped(reading: JsonValue): {
  readonly object: JsonObject | undefined;
  readonly repaired: boolean;
} {
  let outer: JsonValue | undefined = reading;
  for (let wraps = 0; outer !== undefined && wraps <= MAX_WRAPS; wraps++) {
    const { value, repaired }: JsonValue = outer;
    if (isObject(value)) return { object: value, repaired };
    outer = inside(value, repaired);
  }
  return { object: undefined, repaired: false };
}

function inside(value: unknown, repaired: boolean): JsonValue | undefined {
  if (Array.isArray(value)) return value.length === 1 ? { value: value[0], repaired } : undefined;
  const inner = typeof value === 'string' ? readJson(value) : undefined;
  return inner !== undefined && 'value' in inner
    ? { value: inner.value, repaired: repaired || inner.repaired }
    : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function templateEcho(detail: string): Extraction {
  return { reason: 'template_echo', detail };
}

function moreTelling(one: Extraction, other: Extraction): Extraction {
  const rank = (extraction: Extraction) =>
    'reason' in extraction ? EXTRACT_REASONS.indexOf(extraction.reason) : -1;
  return rank(other) > rank(one) ? other : one;
}
