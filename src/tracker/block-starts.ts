import { isBlank } from './cells.js';

const HASH = 35;
const QUOTE = 62;
const BACKTICK = 96;
const TILDE = 126;

export function isQuote(text: string, at: number): boolean {
  return text.charCodeAt(at) === QUOTE;
}

/** One to six `#`, then a blank or nothing. */
export function isHeading(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== HASH) return false;
  const end = runEnd(text, at);
  return end - at <= 6 && (end === text.length || isBlank(text.charCodeAt(end)));
}

/** Three or more `*`, `-` or `_` of one kind, blanks between them, nothing else. */
export function isThematicBreak(text: string, at: number): boolean {
  const mark = text.charAt(at);
  if (mark !== '*' && mark !== '-' && mark !== '_') return false;
  let count = 0;
  for (let i = at; i < text.length; i++) {
    if (text.charAt(i) === mark) count++;
    else if (!isBlank(text.charCodeAt(i))) return false;
  }
  return count >= 3;
}

/** A run of `=` or `-` that makes the paragraph above it a heading. */
export function isUnderline(text: string, at: number): boolean {
  const mark = text.charAt(at);
  return (mark === '=' || mark === '-') && isBlankFrom(text, runEnd(text, at));
}

/** The run of three or more backticks or tildes that opens fenced code; '' when the line opens none. */
export function openingFence(text: string, at: number): string {
  const mark = text.charCodeAt(at);
  if (mark !== BACKTICK && mark !== TILDE) return '';
  const end = runEnd(text, at);
  if (end - at < 3) return '';
  return mark === BACKTICK && text.includes('`', end) ? '' : text.slice(at, end);
}

/** A run of the same mark, at least as long, and only blanks after it. */
export function isFenceEnd(text: string, at: number, marker: string): boolean {
  if (text.charAt(at) !== marker.charAt(0)) return false;
  const end = runEnd(text, at);
  return end - at >= marker.length && isBlankFrom(text, end);
}

/**
 * The width of the list marker at `at`, 0 when there is none. A paragraph directly before it is interrupted only by an item
 * that has content and, if numbered, starts at 1.
 */
export function listItem(text: string, at: number, interrupts: boolean): number {
  const width = markerWidth(text, at);
  const after = at + width;
  if (width === 0 || (after < text.length && !isBlank(text.charCodeAt(after)))) return 0;
  if (!interrupts) return width;
  const numbered = isDigit(text.charCodeAt(at));
  const startsAtOne = width === 2 && text.charAt(at) === '1';
  return isBlankFrom(text, after) || (numbered && !startsAtOne) ? 0 : width;
}

function markerWidth(text: string, at: number): number {
  const mark = text.charAt(at);
  if (mark === '-' || mark === '*' || mark === '+') return 1;
  let end = at;
  while (end < at + 9 && isDigit(text.charCodeAt(end))) end++;
  const closing = text.charAt(end);
  return end > at && (closing === '.' || closing === ')') ? end - at + 1 : 0;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function runEnd(text: string, at: number): number {
  const mark = text.charCodeAt(at);
  let end = at;
  while (end < text.length && text.charCodeAt(end) === mark) end++;
  return end;
}

function isBlankFrom(text: string, from: number): boolean {
  for (let i = from; i < text.length; i++) {
    if (!isBlank(text.charCodeAt(i))) return false;
  }
  return true;
}
