/** Why a text is no JSON value. `truncated`: it ended in the middle of one. */
export type JsonFlaw = 'invalid_json' | 'truncated' | 'too_deep';

export type JsonReading =
  | { readonly value: unknown; readonly repaired: boolean }
  | { readonly flaw: JsonFlaw; readonly detail: string };

export const MAX_JSON_DEPTH = 64;

const REFUSED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const;
const loneSurrogate = /[\uD800-\uDFFF]/u;
const FLAW = Symbol('flaw');

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

interface Reading {
  readonly text: string;
  at: number;
  repaired: boolean;
  flaw: JsonFlaw;
  detail: string;
}

/**
 * One JSON value that fills the text. Only its syntax is mended: commas before a closing bracket, comments, raw line breaks
 * and tabs in strings. Nothing is closed, quoted or made up. Duplicate and prototype keys, numbers that are none, halves of
 * characters and more than 64 levels are refused. Linear time; never throws.
 */
export function readJson(text: string): JsonReading {
  const reading: Reading = { text, at: 0, repaired: false, flaw: 'invalid_json', detail: '' };
  const value = readValue(reading, 1);
  if (value !== FLAW && skipBlanks(reading)) {
    if (reading.at === text.length) return { value, repaired: reading.repaired };
    refuse(reading, 'something follows the value');
  }
  return { flaw: reading.flaw, detail: `${reading.detail} at character ${reading.at + 1}` };
}

/** Index after the comment that starts at `at`; `at` itself when none does; -1 when it does not end. */
export function afterComment(text: string, at: number): number {
  if (text.startsWith('//', at)) {
    const end = text.indexOf('\n', at);
    return end === -1 ? text.length : end + 1;
  }
  if (!text.startsWith('/*', at)) return at;
  const end = text.indexOf('*/', at + 2);
  return end === -1 ? -1 : end + 2;
}

function refuse(reading: Reading, detail: string, flaw: JsonFlaw = 'invalid_json'): typeof FLAW {
  const ended = flaw === 'invalid_json' && reading.at >= reading.text.length;
  reading.flaw = ended ? 'truncated' : flaw;
  reading.detail = ended ? 'the text ends' : detail;
  return FLAW;
}

/** False, and a flaw, when a comment does not end. */
function skipBlanks(reading: Reading): boolean {
  const { text } = reading;
  for (;;) {
    while (isBlank(text.charCodeAt(reading.at))) reading.at++;
    const after = afterComment(text, reading.at);
    if (after === reading.at) return true;
    reading.repaired = true;
    reading.at = after === -1 ? text.length : after;
    if (after === -1) {
      refuse(reading, 'a comment does not end');
      return false;
    }
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function readValue(reading: Reading, depth: number): unknown {
  if (!skipBlanks(reading)) return FLAW;
  const start = reading.text[reading.at];
  if (start === '"') return readString(reading);
  if (start !== '{' && start !== '[') return readScalar(reading);
  if (depth > MAX_JSON_DEPTH) return refuse(reading, `more than ${MAX_JSON_DEPTH} levels`, 'too_deep');
  return start === '{' ? readObject(reading, depth) : readArray(reading, depth);
}

function readScalar(reading: Reading): unknown {
  const { text, at } = reading;
  for (const [word, value] of LITERALS) {
    if (text.startsWith(word, at)) {
      reading.at += word.length;
      return value;
    }
    if (at < text.length && word.startsWith(text.slice(at, at + word.length))) reading.at = text.length;
  }
  NUMBER.lastIndex = at;
  const token = NUMBER.exec(text)?.[0];
  if (token === undefined || !Number.isFinite(Number(token))) return refuse(reading, 'no JSON value starts');
  reading.at += token.length;
  return Number(token);
}

function readArray(reading: Reading, depth: number): unknown {
  const items: unknown[] = [];
  for (;;) {
    const next = nextMember(reading, ']', items.length === 0);
    if (next !== 'member') return next === 'end' ? items : FLAW;
    const item = readValue(reading, depth + 1);
    if (item === FLAW) return FLAW;
    items.push(item);
  }
}

function readObject(reading: Reading, depth: number): unknown {
  const members: Record<string, unknown> = {};
  for (let first = true; ; first = false) {
    const next = nextMember(reading, '}', first);
    if (next !== 'member') return next === 'end' ? members : FLAW;
    const key = readKey(reading, members);
    if (key === undefined) return FLAW;
    const value = readValue(reading, depth + 1);
    if (value === FLAW) return FLAW;
    members[key] = value;
  }
}

/** Passes what stands before a member, the opening bracket or a comma, or the closing bracket; a comma before that is mended. */
function nextMember(reading: Reading, bracket: string, first: boolean): 'member' | 'end' | typeof FLAW {
  const { text } = reading;
  if (!first && !skipBlanks(reading)) return FLAW;
  const comma = text[reading.at] === ',';
  if (!first && !comma && text[reading.at] !== bracket)
    return refuse(reading, `a comma or ${bracket} is missing`);
  if (first || comma) reading.at++;
  if (!skipBlanks(reading)) return FLAW;
  if (text[reading.at] !== bracket) return 'member';
  if (comma && !first) reading.repaired = true;
  reading.at++;
  return 'end';
}

function readKey(reading: Reading, members: Readonly<Record<string, unknown>>): string | undefined {
  const start = reading.at;
  const key =
    reading.text[start] === '"' ? readString(reading) : refuse(reading, 'a key in quotes is missing');
  if (typeof key !== 'string') return undefined;
  if (REFUSED_KEYS.has(key) || Object.hasOwn(members, key)) {
    reading.at = start;
    refuse(reading, REFUSED_KEYS.has(key) ? `the key ${key} is refused` : 'a key stands twice in one object');
    return undefined;
  }
  if (!skipBlanks(reading)) return undefined;
  if (reading.text[reading.at] !== ':') {
    refuse(reading, 'a colon is missing');
    return undefined;
  }
  reading.at++;
  return key;
}

function readString(reading: Reading): unknown {
  const start = reading.at + 1;
  const end = endOfString(reading, start);
  if (end === -1) return FLAW;
  const raw = reading.text.slice(start, end);
  const value = raw.includes('\\') ? unescaped(raw) : raw;
  if (value === undefined || loneSurrogate.test(value)) {
    reading.at = start;
    return refuse(reading, 'a string has a wrong escape or half a character');
  }
  reading.at = end + 1;
  return value;
}

function unescaped(raw: string): string | undefined {
  const clean = raw.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  try {
    return String(JSON.parse(`"${clean}"`));
  } catch {
    return undefined;
  }
}

/** Index of the closing quote; -1, and a flaw, when there is none or a control character stands before it. */
function endOfString(reading: Reading, start: number): number {
  const { text } = reading;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
    else if (code < 0x20) {
      if (!isBlank(code)) {
        reading.at = at;
        refuse(reading, 'a control character stands in a string');
        return -1;
      }
      reading.repaired = true;
    }
  }
  reading.at = text.length;
  refuse(reading, 'a string does not end');
  return -1;
}
