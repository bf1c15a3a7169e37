import { afterComment } from './read-json.js';

export interface Spans {
  /** Texts of the JSON objects that stand in the text by themselves, in order; none of them stands in another. */
  readonly objects: readonly string[];
  /** What starts and does not end. */
  readonly unclosed: 'object' | 'thinking' | undefined;
  /** The text without what a model thought aloud; incomplete when unclosed. */
  readonly spoken: string;
}

const OBJECT_START = /\{[ \t\r\n]*(?:"|\/[/*])/y;
const THINKING = /<(think|thinking|reasoning)>/iy;

/**
 * Finds `{…}` with an eye on strings and comments. What starts like an object and is not closed ends the search: what stands in
 * it is a part of an answer and none itself. Linear time.
 */
export function spansOf(text: string): Spans {
  const objects: string[] = [];
  let spoken = '';
  let from = 0;
  for (let next = startAfter(text, 0); next !== undefined; ) {
    const { at, thinking } = next;
    const end = thinking === undefined ? endOfObject(text, at) : endOfThinking(text, at, thinking);
    if (end === -1) return { objects, unclosed: thinking === undefined ? 'object' : 'thinking', spoken };
    if (thinking === undefined) objects.push(text.slice(at, end));
    else {
      spoken += text.slice(from, at);
      from = end;
    }
    next = startAfter(text, end);
  }
  return { objects, unclosed: undefined, spoken: spoken + text.slice(from) };
}

interface Start {
  readonly at: number;
  /** Name of the tag, when a model starts to think here. */
  readonly thinking: string | undefined;
}

function startAfter(text: string, from: number): Start | undefined {
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '{' && matchesAt(OBJECT_START, text, at) !== null) return { at, thinking: undefined };
    const tag = character === '<' ? matchesAt(THINKING, text, at)?.[1] : undefined;
    if (tag !== undefined) return { at, thinking: tag };
  }
  return undefined;
}

function matchesAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function endOfThinking(text: string, at: number, thinking: string): number {
  const close = new RegExp(`</${thinking}>`, 'gi');
  close.lastIndex = at;
  return close.exec(text) === null ? -1 : close.lastIndex;
}

/** Index after the bracket that closes the one at `start`; -1 when none does. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at !== -1 && at < text.length; at = afterToken(text, at)) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at + 1;
  }
  return -1;
}

/** Index after the string, comment or character at `at`; -1 when a comment does not end. */
function afterToken(text: string, at: number): number {
  if (text[at] === '"') return endOfString(text, at);
  const after = text[at] === '/' ? afterComment(text, at) : at;
  return after === at ? at + 1 : after;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** What stands between fences, in order; the last one may be open at the end. Linear time. */
export function fencedBlocks(text: string): readonly string[] {
  const blocks: string[] = [];
  let fence: string | undefined;
  let start = 0;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    const mark = FENCE.exec(text.slice(at, Math.min(end, at + 80)))?.[1];
    if (fence === undefined && mark !== undefined) {
      fence = mark;
      start = end + 1;
    } else if (fence !== undefined && mark?.startsWith(fence)) {
      blocks.push(text.slice(start, at));
      fence = undefined;
    }
    at = end + 1;
  }
  if (fence !== undefined) blocks.push(text.slice(start));
  return blocks;
}
