const MAX_DEPTH = 64;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SHORT_ESCAPES = '"\\bfnrt';

/** A text and how far it was read; `at` stays where the first flaw is. */
interface Scan {
  readonly text: string;
  at: number;
}

/**
 * Where a text stops being one value of RFC 8785 JSON and a newline; undefined when it is exactly that. Finds what
 * JSON.parse lets pass: blanks, unsorted and duplicate keys, long escapes, numbers that lose digits, lone surrogates.
 * An index in UTF-16 units. Linear, and 64 levels deep at most.
 */
export function firstFlaw(text: string): number | undefined {
  const scan: Scan = { text, at: 0 };
  if (!value(scan, 0)) return scan.at;
  return text.slice(scan.at) === '\n' ? undefined : scan.at;
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
      return literal(scan, 'true');
    case 'f':
      return literal(scan, 'false');
    case 'n':
      return literal(scan, 'null');
    default:
      return number(scan);
  }
}

function literal(scan: Scan, word: string): boolean {
  if (!scan.text.startsWith(word, scan.at)) return false;
  scan.at += word.length;
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
  if (literal(scan, ']')) return true;
  while (value(scan, depth)) {
    if (literal(scan, ']')) return true;
    if (!literal(scan, ',')) return false;
  }
  return false;
}

function object(scan: Scan, depth: number): boolean {
  scan.at++;
  if (literal(scan, '}')) return true;
  let key = member(scan, depth, undefined);
  while (key !== undefined) {
    if (literal(scan, '}')) return true;
    key = literal(scan, ',') ? member(scan, depth, key) : undefined;
  }
  return false;
}

/** A key that comes after `before`, and its value; the key is the result. */
function member(scan: Scan, depth: number, before: string | undefined): string | undefined {
  const start = scan.at;
  const key = keyAt(scan);
  if (key !== undefined && before !== undefined && key <= before) scan.at = start;
  else if (key !== undefined && literal(scan, ':') && value(scan, depth)) return key;
  return undefined;
}

function back(scan: Scan, to: number): false {
  scan.at = to;
  return false;
}

/** The key as it is compared: without its escapes. */
function keyAt(scan: Scan): string | undefined {
  const start = scan.at;
  if (scan.text[start] !== '"' || !string(scan)) return undefined;
  const raw = scan.text.slice(start, scan.at);
  return raw.includes('\\') ? unquoted(raw) : raw.slice(1, -1);
}

function unquoted(raw: string): string {
  const key: unknown = JSON.parse(raw);
  return typeof key === 'string' ? key : '';
}

function string(scan: Scan): boolean {
  const { text } = scan;
  for (let at = scan.at + 1; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      scan.at = at + 1;
      return true;
    }
    const length = code > 0x5c && code < 0xd800 ? 1 : characterLength(text, at, code);
    if (length === 0) return back(scan, at);
    at += length;
  }
  return back(scan, text.length);
}

/** In UTF-16 units, 0 for what may not stand there as it is. */
function characterLength(text: string, at: number, code: number): number {
  if (code === 0x5c) return escapeLength(text, at);
  if (code < 0x20) return 0;
  if (code < 0xd800 || code > 0xdfff) return 1;
  const low = text.charCodeAt(at + 1);
  return code < 0xdc00 && low >= 0xdc00 && low <= 0xdfff ? 2 : 0;
}

/** The short form where there is one, else four lower-case hex digits, and only for control characters. */
function escapeLength(text: string, at: number): number {
  const next = text[at + 1] ?? '';
  if (next !== '' && SHORT_ESCAPES.includes(next)) return 2;
  const hex = /^\\u00([01][0-9a-f])$/.exec(text.slice(at, at + 6))?.[1];
  return hex === undefined || /^(?:08|09|0a|0c|0d)$/.test(hex) ? 0 : 6;
}
