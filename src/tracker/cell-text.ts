const BACKSLASH = '\\';
/** Line and paragraph separators, direction overrides and the like: what could make a line look like another. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
/** All of them but the tab, which is harmless in a message. */
const MISLEADING = new RegExp(`(?!\t)${INVISIBLE.source}`, 'gu');
const WRAPPERS = '*_`~';
const LONGEST_PLAIN = 20;
const QUOTED_LENGTH = 160;
const MESSAGE_LENGTH = 400;

/** The text that a raw cell stands for: `\|` is a pipe, and backslashes directly before it count in pairs. */
export function unescapePipes(raw: string): string {
  let text = '';
  let from = 0;
  for (let pipe = raw.indexOf('|'); pipe !== -1; pipe = raw.indexOf('|', pipe + 1)) {
    const run = backslashesBefore(raw, pipe);
    text += raw.slice(from, pipe - run) + BACKSLASH.repeat(run >> 1);
    from = pipe;
  }
  return text + raw.slice(from);
}

/** The raw cell that stands for a text: the inverse of `unescapePipes`. */
export function escapePipes(text: string): string {
  let raw = '';
  let from = 0;
  for (let pipe = text.indexOf('|'); pipe !== -1; pipe = text.indexOf('|', pipe + 1)) {
    const run = backslashesBefore(text, pipe);
    raw += text.slice(from, pipe) + BACKSLASH.repeat(run + 1);
    from = pipe;
  }
  return raw + text.slice(from);
}

/** How many backslashes end right before `at`. */
export function backslashesBefore(text: string, at: number): number {
  let start = at;
  while (start > 0 && text.charAt(start - 1) === BACKSLASH) start--;
  return at - start;
}

/** What a cell says, without emphasis, code marks or strikethrough around the whole of it; a link is its label. */
export function plainText(raw: string): string {
  if (isPlain(raw)) return raw;
  const text = unescapePipes(raw).trim();
  let start = 0;
  let end = text.length;
  while (end - start >= 2 && isWrapped(text, start, end)) {
    start++;
    end--;
  }
  const inner = text.slice(start, end).trim();
  return linkOf(inner)?.label ?? inner;
}

/** Short letters, digits, `.` and `-`: nothing to take off. Most cells that are compared are, so this saves time. */
function isPlain(raw: string): boolean {
  if (raw.length > LONGEST_PLAIN) return false;
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    const letter = (code | 32) >= 97 && (code | 32) <= 122;
    if (!letter && (code < 45 || code > 57)) return false;
  }
  return true;
}

export interface Link {
  readonly label: string;
  readonly target: string;
}

/** `[label](target)` when it is the whole text. */
export function linkOf(text: string): Link | undefined {
  if (!text.startsWith('[') || !text.endsWith(')')) return undefined;
  const middle = text.indexOf('](');
  if (middle === -1 || !closesAtEnd(text, middle + 1)) return undefined;
  const target = text.slice(middle + 2, -1).trim();
  return {
    label: plainLabel(text.slice(1, middle)),
    target: target.startsWith('<') && target.endsWith('>') ? target.slice(1, -1) : target,
  };
}

/** Whether the parenthesis at `open` is closed by the last character, and not before: `[a](b) (c)` is more than a link. */
function closesAtEnd(text: string, open: number): boolean {
  let depth = 0;
  for (let i = open; i < text.length - 1; i++) {
    if (text.charAt(i) === '(') depth++;
    else if (text.charAt(i) === ')' && --depth === 0) return false;
  }
  return depth === 1;
}

function plainLabel(label: string): string {
  const code = label.startsWith('`') && label.endsWith('`') && label.length > 2;
  return code ? label.slice(1, -1) : label;
}

/** People write these where there is nothing to write. */
const NOTHING = new Set(['', '-', '--', '–', '—', 'n/a', 'na', 'none', 'tbd', 'tba', '?', '…', '...']);

export function isNothing(raw: string): boolean {
  return raw === '' || (raw.length <= 8 && NOTHING.has(plainText(raw).toLowerCase()));
}

/** A piece of a document in a message: short, in quotes, with nothing in it that changes how the message looks. */
export function quote(text: string): string {
  const shown = text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}...` : text;
  return `"${visible(shown)}"`;
}

/** A whole message with pieces of a document in it, made harmless in the same way. */
export function clipped(message: string): string {
  return visible(message.length > MESSAGE_LENGTH ? `${message.slice(0, MESSAGE_LENGTH)}...` : message);
}

function visible(text: string): string {
  return text.replace(MISLEADING, '\ufffd');
}

/** True for text that must not enter a cell: line ends, control and direction characters, halves of a character. */
export function hasInvisible(text: string): boolean {
  return INVISIBLE.test(text);
}

function isWrapped(text: string, start: number, end: number): boolean {
  const mark = text.charAt(start);
  return WRAPPERS.includes(mark) && text.charAt(end - 1) === mark;
}
