import { isDigit } from './block-starts.js';
import { linkOf, unescapePipes } from './cell-text.js';

/** One entry of a cell that lists paths. */
export interface PathItem {
  /** As the cell has it. */
  readonly text: string;
  readonly kind: 'path' | 'url' | 'prose';
  /** The path itself. Prose may turn out to be the name of a file. */
  readonly path: string;
}

const LONGEST_BREAK = '<br />'.length;
const OPENING = '([';
const CLOSING = ')]';

/** The entries of a PRD or evidence cell: separated by commas, semicolons or line breaks that are in no brackets and no code. */
export function pathItems(raw: string): PathItem[] {
  return splitList(unescapePipes(raw))
    .map(text => text.trim())
    .filter(text => text !== '')
    .map(readItem);
}

function splitList(text: string): string[] {
  const items: string[] = [];
  let start = 0;
  let depth = 0;
  let code = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '`') code = !code;
    else if (OPENING.includes(char)) depth++;
    else if (CLOSING.includes(char)) depth = Math.max(0, depth - 1);
    if (code || depth > 0) continue;
    const width = separatorWidth(text, i);
    if (width === 0) continue;
    items.push(text.slice(start, i));
    start = i + width;
  }
  items.push(text.slice(start));
  return items;
}

function separatorWidth(text: string, at: number): number {
  const char = text.charAt(at);
  if (char === ',' || char === ';') return 1;
  return /^<br ?\/?>/i.exec(text.slice(at, at + LONGEST_BREAK))?.[0].length ?? 0;
}

function readItem(text: string): PathItem {
  const bare = withoutMarks(withoutRemark(text));
  const url = /^[a-z][a-z0-9+.-]{1,15}:\/\//i.test(bare);
  return { text, path: bare, kind: url ? 'url' : looksLikePath(bare) ? 'path' : 'prose' };
}

/** Without a remark in parentheses at the end: `a/b.rs (275 lines)`. A link keeps its target. */
function withoutRemark(text: string): string {
  if (!text.endsWith(')') || linkOf(text) !== undefined) return text;
  const open = text.lastIndexOf(' (');
  return open > 0 ? text.slice(0, open).trim() : text;
}

function withoutMarks(text: string): string {
  const target = linkOf(text)?.target ?? text;
  let start = 0;
  let end = target.length;
  while (end - start > 2 && isMarked(target, start, end)) {
    start++;
    end--;
  }
  return target.slice(start, end);
}

function isMarked(text: string, start: number, end: number): boolean {
  const mark = text.charAt(start);
  const last = text.charAt(end - 1);
  return (mark === last && '`*"\''.includes(mark)) || (mark === '<' && last === '>');
}

/** One word with a slash that is no fraction, or with a file extension. Wild cards name no one file, `./` is no evidence. */
function looksLikePath(text: string): boolean {
  if (text === '' || /[\s*]/.test(text)) return false;
  const parts = text.split('/');
  if (parts.every(part => part === '.' || part === '')) return text.startsWith('/');
  return parts.length > 1 ? !parts.every(isNumber) : hasExtension(text) || text === '..';
}

function isNumber(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (!isDigit(text.charCodeAt(i))) return false;
  }
  return text !== '';
}

function hasExtension(text: string): boolean {
  const name = text.replace(/[#:].*$/, '');
  const extension = name.slice(name.lastIndexOf('.') + 1);
  return name.length > extension.length && /^[A-Za-z][A-Za-z0-9]{0,9}$/.test(extension);
}

/** The path, and without an anchor or line numbers (`:12`, `:12-40`) after it. */
export function candidates(path: string): string[] {
  const anchor = path.indexOf('#', path.lastIndexOf('/') + 1);
  const plain = anchor === -1 ? withoutLineNumbers(path) : path.slice(0, anchor);
  return plain === path || plain === '' ? [path] : [path, plain];
}

function withoutLineNumbers(path: string): string {
  const colon = path.lastIndexOf(':');
  return colon > 0 &&
    path
      .slice(colon + 1)
      .split('-')
      .every(isNumber)
    ? path.slice(0, colon)
    : path;
}
