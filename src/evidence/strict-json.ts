import { jsonErrorAt } from './stored-json.js';

const MAX_DEPTH = 64;
const BLANKS = /[ \t\r\n]*/y;
const TOKEN = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|[{}[\],:]|-?\d[\d.eE+-]*|true|false|null/y;
const loneSurrogate = /[\uD800-\uDFFF]/u;

/** Why a JSON text means different things to different readers, and its first byte that does. */
export interface Ambiguity {
  readonly byte: number;
  readonly why: string;
}

/**
 * What JSON.parse lets pass in silence: duplicate members, halves of characters, numbers that lose digits, more than 64
 * levels, members named `__proto__`; and what is no JSON at all. Any indentation is fine. Linear; never throws.
 */
export function ambiguityOf(bytes: Buffer): Ambiguity | undefined {
  const broken = jsonErrorAt(bytes);
  if (broken !== undefined) return { byte: broken, why: 'it is no JSON' };
  const text = bytes.toString();
  const invalid = text.includes('\uFFFD') && !bytes.equals(Buffer.from(text));
  if (invalid) return { byte: differsAt(bytes, Buffer.from(text)), why: 'it is no UTF-8' };
  const found = scan(text);
  return found === undefined
    ? undefined
    : { byte: Buffer.byteLength(text.slice(0, found.at)), why: found.why };
}

/** Index of the first byte in which two differ. */
export function differsAt(a: Buffer, b: Buffer): number {
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at++) if (a[at] !== b[at]) return at;
  return end;
}

interface Level {
  /** Undefined in an array. */
  readonly keys: Set<string> | undefined;
  isKey: boolean;
}

/** The text is JSON: only what a parser forgives is looked for. */
function scan(text: string): { readonly at: number; readonly why: string } | undefined {
  const levels: Level[] = [];
  for (let at = 0; ; ) {
    BLANKS.lastIndex = at;
    BLANKS.exec(text);
    at = BLANKS.lastIndex;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return undefined;
    const why = pass(token, levels);
    if (why !== undefined) return { at, why };
    at += token.length;
  }
}

function pass(token: string, levels: Level[]): string | undefined {
  const level = levels.at(-1);
  switch (token[0]) {
    case '{':
    case '[':
      levels.push({ keys: token === '{' ? new Set() : undefined, isKey: token === '{' });
      return levels.length > MAX_DEPTH ? `it has more than ${MAX_DEPTH} levels` : undefined;
    case '}':
    case ']':
      levels.pop();
      return undefined;
    case ',':
      if (level !== undefined) level.isKey = level.keys !== undefined;
      return undefined;
    case '"':
      return passString(token, level);
    default:
      return losesDigits(token) ? 'it holds a number that loses digits' : undefined;
  }
}

function passString(token: string, level: Level | undefined): string | undefined {
  const value: unknown = token.includes('\\') ? JSON.parse(token) : token.slice(1, -1);
  if (typeof value !== 'string') return undefined;
  if (loneSurrogate.test(value)) return 'it holds half of a character';
  if (level?.keys === undefined || !level.isKey) return undefined;
  level.isKey = false;
  if (value === '__proto__') return 'it has a member named __proto__';
  if (level.keys.has(value)) return 'it has the same member twice';
  level.keys.add(value);
  return undefined;
}

function losesDigits(token: string): boolean {
  if (!/^-?\d/.test(token)) return false;
  const value = Number(token);
  return !Number.isFinite(value) || (/^-?\d+$/.test(token) && !Number.isSafeInteger(value));
}
