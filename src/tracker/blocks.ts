import {
  isFenceEnd,
  isHeading,
  isQuote,
  isThematicBreak,
  isUnderline,
  listItem,
  openingFence,
} from './block-starts.js';
import { isBlank } from './cells.js';
import { htmlEnding, isHtmlOver } from './html-blocks.js';
import type { Line } from './lines.js';

/** A fence or raw HTML, in how many containers it is, and the line where it starts. */
interface Skipped {
  readonly ending: string;
  readonly depth: number;
  readonly line: number;
}

/** Which CommonMark blocks are open after a line, as far as it matters for what is a table. */
export interface Blocks {
  /** The containers around the last line: QUOTE, or the width that the content of a list item is indented by. */
  containers: number[];
  fence: Skipped | undefined;
  html: Skipped | undefined;
  /** A paragraph is open; the last line `continued` it, and was `lazy`: outside the containers that the paragraph is in. */
  paragraph: boolean;
  continued: boolean;
  lazy: boolean;
  /** How many of the containers the last line is in. */
  depth: number;
  /** Scan position: an index into the line, its column with tabs expanded, and the column where the container's content starts. */
  at: number;
  column: number;
  base: number;
}

/** What `readBlocks` answers for lines that hold no plain text. */
export const BLANK = -1;
export const OTHER = -2;

const QUOTE = -1;
/** Indented so far, it is code. */
const CODE_INDENT = 4;

export function createBlocks(): Blocks {
  return {
    containers: [],
    fence: undefined,
    html: undefined,
    paragraph: false,
    continued: false,
    lazy: false,
    depth: 0,
    at: 0,
    column: 0,
    base: 0,
  };
}

/**
 * Takes the next line in. The index where its text starts when it is a line that could be a row of a table; BLANK; or OTHER
 * for code, raw HTML, quotes, headings, rules.
 */
export function readBlocks(blocks: Blocks, line: Line): number {
  enterContainers(blocks, line.text);
  const blank = blocks.at === line.text.length;
  if (continuesSkipped(blocks, line.text)) return OTHER;
  if (!blank) return openBlocks(blocks, line);
  closeParagraph(blocks);
  return BLANK;
}

/** Also leaves the containers that the line is not in. */
export function closeParagraph(blocks: Blocks): void {
  blocks.paragraph = false;
  blocks.containers.length = blocks.depth;
}

function enterContainers(blocks: Blocks, text: string): void {
  blocks.at = 0;
  blocks.column = 0;
  blocks.base = 0;
  blocks.depth = 0;
  skipBlanks(blocks, text);
  for (const width of blocks.containers) {
    if (!(width === QUOTE ? enterQuote(blocks, text) : staysInItem(blocks, text, width))) return;
    blocks.depth++;
  }
}

function enterQuote(blocks: Blocks, text: string): boolean {
  if (blocks.column - blocks.base >= CODE_INDENT || !isQuote(text, blocks.at)) return false;
  blocks.at++;
  blocks.column++;
  blocks.base = blocks.column + (isBlank(text.charCodeAt(blocks.at)) ? 1 : 0);
  skipBlanks(blocks, text);
  return true;
}

function staysInItem(blocks: Blocks, text: string, width: number): boolean {
  if (blocks.at < text.length && blocks.column - blocks.base < width) return false;
  blocks.base += width;
  return true;
}

function skipBlanks(blocks: Blocks, text: string): void {
  for (; blocks.at < text.length; blocks.at++) {
    const code = text.charCodeAt(blocks.at);
    if (code === 32) blocks.column++;
    else if (code === 9) blocks.column += 4 - (blocks.column % 4);
    else return;
  }
}

/** Fenced code and raw HTML last until their own end, or until the container they are in ends. */
function continuesSkipped(blocks: Blocks, text: string): boolean {
  const { fence, html, at, depth } = blocks;
  if (fence !== undefined && depth >= fence.depth) {
    if (blocks.column - blocks.base < CODE_INDENT && isFenceEnd(text, at, fence.ending))
      blocks.fence = undefined;
    return true;
  }
  blocks.fence = undefined;
  if (html !== undefined && depth >= html.depth) {
    if (isHtmlOver(html.ending, text, at)) blocks.html = undefined;
    return html.ending !== '' || blocks.html !== undefined;
  }
  blocks.html = undefined;
  return false;
}

function openBlocks(blocks: Blocks, line: Line): number {
  const { text } = line;
  const around = blocks.depth;
  while (blocks.column - blocks.base < CODE_INDENT) {
    if (opensSkipped(blocks, line)) {
      closeParagraph(blocks);
      return OTHER;
    }
    if (!entersNewContainer(blocks, text)) return takeText(blocks, text, around);
    if (blocks.at === text.length) return OTHER;
  }
  if (!blocks.paragraph) closeParagraph(blocks);
  return OTHER;
}

/** Text continues an open paragraph even outside the containers that the paragraph is in. */
function takeText(blocks: Blocks, text: string, around: number): number {
  blocks.continued = blocks.paragraph;
  blocks.lazy = blocks.paragraph && around < blocks.containers.length;
  if (!blocks.lazy) closeParagraph(blocks);
  if (blocks.continued && !blocks.lazy && isUnderline(text, blocks.at)) return OTHER;
  blocks.paragraph = true;
  return blocks.containers.includes(QUOTE) ? OTHER : blocks.at;
}

function entersNewContainer(blocks: Blocks, text: string): boolean {
  if (isQuote(text, blocks.at)) {
    closeParagraph(blocks);
    enterQuote(blocks, text);
    blocks.containers.push(QUOTE);
  } else {
    const interrupts = blocks.paragraph && blocks.depth === blocks.containers.length;
    const width = listItem(text, blocks.at, interrupts);
    if (width === 0) return false;
    closeParagraph(blocks);
    enterItem(blocks, text, width);
  }
  blocks.depth++;
  return true;
}

/** The content starts after the marker and up to four blanks; with more, the rest is code. */
function enterItem(blocks: Blocks, text: string, width: number): void {
  const before = blocks.base;
  blocks.at += width;
  blocks.column += width;
  const afterMarker = blocks.column;
  skipBlanks(blocks, text);
  const far = blocks.at === text.length || blocks.column - afterMarker > CODE_INDENT;
  blocks.base = far ? afterMarker + 1 : blocks.column;
  blocks.containers.push(blocks.base - before);
}

function opensSkipped(blocks: Blocks, { text, number }: Line): boolean {
  const { at, depth } = blocks;
  const fence = openingFence(text, at);
  if (fence !== '') {
    blocks.fence = { ending: fence, depth, line: number };
    return true;
  }
  const ending = htmlEnding(text, at);
  if (ending !== undefined) {
    if (!isHtmlOver(ending, text, at)) blocks.html = { ending, depth, line: number };
    return true;
  }
  return isHeading(text, at) || isThematicBreak(text, at);
}
