const MAX_DEPTH = 64;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Printable ASCII without a backslash: strings end at the next quote, and nothing in them can be wrong. */
const PLAIN = /^[ -[\]-~]*\n$/;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const FLAW = Symbol('flaw');

/** A text and how far it was read; `at` stays where the first flaw is. */
interface Reading {
  readonly text: string;
  readonly plain: boolean;
  at: number;
}

/**
 * Reads a text that is one value of RFC 8785 JSON and a newline, and nothing else. Refuses what JSON.parse lets pass:
 * blanks, unsorted and duplicate keys, long escapes, numbers that lose digits, lone surrogates, more than 64 levels; and
 * members named `__proto__`. `flaw` is the index, in UTF-16 units, where the text stops being that. Linear.
 */
export function readCanonical(text: string): { readonly value: unknown } | { readonly flaw: number } {
  const reading: Reading = { text, plain: PLAIN.test(text), at: 0 };
  const value = readValue(reading, 0);
  const ended = reading.at === text.length - 1 && text.endsWith('\n');
  return value === FLAW || !ended ? { flaw: reading.at } : { value };
}

function readValue(reading: Reading, depth: number): unknown {
  if (depth > MAX_DEPTH) return FLAW;
  switch (reading.text.charCodeAt(reading.at)) {
    case QUOTE:
      return readString(reading);
    case OPEN_OBJECT:
      return readObject(reading, depth + 1);
    case OPEN_ARRAY:
      return readArray(reading, depth + 1);
    default:
      return readScalar(reading);
  }
}

function readScalar(reading: Reading): unknown {
  const { text, at } = reading;
  if (text.startsWith('null', at)) return passed(reading, 4, null);
  if (text.startsWith('true', at)) return passed(reading, 4, true);
  if (text.startsWith('false', at)) return passed(reading, 5, false);
  NUMBER.lastIndex = at;
  const token = NUMBER.exec(text)?.[0];
  return token === undefined || String(Number(token)) !== token
    ? FLAW
    : passed(reading, token.length, Number(token));
}

function passed(reading: Reading, length: number, value: unknown): unknown {
  reading.at += length;
  return value;
}

function readArray(reading: Reading, depth: number): unknown {
  const items: unknown[] = [];
  reading.at++;
  if (passes(reading, CLOSE_ARRAY)) return items;
  for (;;) {
    const item = readValue(reading, depth);
    if (item === FLAW) return FLAW;
    items.push(item);
    if (passes(reading, CLOSE_ARRAY)) return items;
    if (!passes(reading, COMMA)) return FLAW;
  }
}

function readObject(reading: Reading, depth: number): unknown {
  const members: Record<string, unknown> = {};
  reading.at++;
  if (passes(reading, CLOSE_OBJECT)) return members;
  let before: string | undefined;
  for (;;) {
    const key = readKey(reading, before);
    const value = key === undefined ? FLAW : readValue(reading, depth);
    if (key === undefined || value === FLAW) return FLAW;
    members[key] = value;
    before = key;
    if (passes(reading, CLOSE_OBJECT)) return members;
    if (!passes(reading, COMMA)) return FLAW;
  }
}

/** A key that comes after `before`, and its colon; undefined for anything else. */
function readKey(reading: Reading, before: string | undefined): string | undefined {
  const start = reading.at;
  const key = reading.text.charCodeAt(start) === QUOTE ? readString(reading) : undefined;
  if (typeof key !== 'string') return undefined;
  if ((before === undefined || key > before) && key !== '__proto__')
    return passes(reading, COLON) ? key : undefined;
  reading.at = start;
  return undefined;
}

function passes(reading: Reading, code: number): boolean {
  if (reading.text.charCodeAt(reading.at) !== code) return false;
  reading.at++;
  return true;
}

function readString(reading: Reading): unknown {
  const { text, plain, at } = reading;
  const end = plain ? text.indexOf('"', at + 1) : endOfString(reading);
  if (end === -1) {
    if (plain) reading.at = text.length;
    return FLAW;
  }
  reading.at = end + 1;
  const raw = text.slice(at + 1, end);
  return plain || !raw.includes('\\') ? raw : JSON.parse(`"${raw}"`);
}

/** Index of the closing quote; -1, and `at` on the place, when something stands in the string that may not. */
function endOfString(reading: Reading): number {
  const { text } = reading;
  for (let at = reading.at + 1; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    const length = characterLength(text, at, code);
    if (length === 0) {
      reading.at = at;
      return -1;
    }
    at += length;
  }
  reading.at = text.length;
  return -1;
}

/** In UTF-16 units, 0 for what may not stand there as it is. */
function characterLength(text: string, at: number, code: number): number {
  if (code === BACKSLASH) return escapeLength(text, at);
  if (code < 0x20) return 0;
  if (code < 0xd800 || code > 0xdfff) return 1;
  const low = text.charCodeAt(at + 1);
  return code < 0xdc00 && low >= 0xdc00 && low <= 0xdfff ? 2 : 0;
}

/** The short form where there is one, else four lower-case hex digits, and only for control characters. */
function escapeLength(text: string, at: number): number {
  if (/^["\\bfnrt]$/.test(text[at + 1] ?? '')) return 2;
  const hex = /^\\u00([01][0-9a-f])$/.exec(text.slice(at, at + 6))?.[1];
  return hex === undefined || /^(?:08|09|0a|0c|0d)$/.test(hex) ? 0 : 6;
}
