const MAX_DEPTH = 64;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Printable ASCII without a backslash: strings end at the next quote, and nothing in them can be wrong. */
const PLAIN = /^[ -[\]-~]*\n$/;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const CLOSE_OBJECT = 0x7d;

/** A text and how far it was read; `at` stays where the first flaw is. */
interface Scan {
  readonly text: string;
  readonly plain: boolean;
  at: number;
}

/**
 * Where a text stops being one value of RFC 8785 JSON and a newline; undefined when it is exactly that. Finds what
 * JSON.parse lets pass: blanks, unsorted and duplicate keys, long escapes, numbers that lose digits, lone surrogates.
 * An index in UTF-16 units. Linear, and 64 levels deep at most.
 */
export function firstFlaw(text: string): number | undefined {
  const scan: Scan = { text, plain: PLAIN.test(text), at: 0 };
  if (!value(scan, 0)) return scan.at;
  return scan.at === text.length - 1 && text.endsWith('\n') ? undefined : scan.at;
}

function value(scan: Scan, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  switch (scan.text[scan.at]) {
    case '"':
      return string(scan);
    case '{':
      return object(scan, depth + 1);
    case '[':
      return array(scan, depth + 1);
    case 't':
      return word(scan, 'true');
    case 'f':
      return word(scan, 'false');
    case 'n':
      return word(scan, 'null');
    default:
      return number(scan);
  }
}

function word(scan: Scan, expected: string): boolean {
  if (!scan.text.startsWith(expected, scan.at)) return false;
  scan.at += expected.length;
  return true;
}

function mark(scan: Scan, code: number): boolean {
  if (scan.text.charCodeAt(scan.at) !== code) return false;
  scan.at++;
  return true;
}

function number(scan: Scan): boolean {
  NUMBER.lastIndex = scan.at;
  const token = NUMBER.exec(scan.text)?.[0];
  if (token === undefined || String(Number(token)) !== token) return false;
  scan.at += token.length;
  return true;
}

function array(scan: Scan, depth: number): boolean {
  scan.at++;
  if (mark(scan, CLOSE_ARRAY)) return true;
  while (value(scan, depth)) {
    if (mark(scan, CLOSE_ARRAY)) return true;
    if (!mark(scan, COMMA)) return false;
  }
  return false;
}

function object(scan: Scan, depth: number): boolean {
  scan.at++;
  if (mark(scan, CLOSE_OBJECT)) return true;
  let key = member(scan, depth, undefined);
  while (key !== undefined) {
    if (mark(scan, CLOSE_OBJECT)) return true;
    key = mark(scan, COMMA) ? member(scan, depth, key) : undefined;
  }
  return false;
}

/** A key that comes after `before`, and its value; the key is the result. */
function member(scan: Scan, depth: number, before: string | undefined): string | undefined {
  const start = scan.at;
  const key = keyAt(scan);
  if (key !== undefined && before !== undefined && key <= before) scan.at = start;
  else if (key !== undefined && mark(scan, COLON) && value(scan, depth)) return key;
  return undefined;
}

/** The key as it is compared: without its escapes. */
function keyAt(scan: Scan): string | undefined {
  const start = scan.at;
  if (scan.text.charCodeAt(start) !== QUOTE || !string(scan)) return undefined;
  const raw = scan.text.slice(start + 1, scan.at - 1);
  return scan.plain || !raw.includes('\\') ? raw : unescaped(raw);
}

function unescaped(raw: string): string {
  const key: unknown = JSON.parse(`"${raw}"`);
  return typeof key === 'string' ? key : '';
}

function string(scan: Scan): boolean {
  const { text, plain } = scan;
  if (plain) {
    const end = text.indexOf('"', scan.at + 1);
    scan.at = end === -1 ? text.length : end + 1;
    return end !== -1;
  }
  for (let at = scan.at + 1; at < text.length; ) {
    const code = text.charCodeAt(at);
    const length = code === QUOTE ? 0 : characterLength(text, at, code);
    if (length === 0) {
      scan.at = code === QUOTE ? at + 1 : at;
      return code === QUOTE;
    }
    at += length;
  }
  scan.at = text.length;
  return false;
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
