export interface Outline {
  /** The first line, without its line end and a byte order mark. */
  readonly first: string;
  /** Lines outside fenced code and HTML comments, trailing blanks cut, with their numbers from 1 (first occurrence). */
  readonly lines: ReadonlyMap<string, number>;
  readonly lineCount: number;
}

/** A line that a reader sees: not in fenced code, not in an HTML comment. */
export interface VisibleLine {
  /** From 1. */
  readonly number: number;
  /** Trailing blanks cut. */
  readonly text: string;
}

/** What ends the block that a line stands in: a fence mark, `-->`, or '' for ordinary text. */
type Inside = string;

/** What a reader sees as the lines of a document: the ones in fences and comments are examples. Linear time. */
export function outline(text: string): Outline {
  const all = linesOf(text);
  const lines = new Map<string, number>();
  for (const { number, text: line } of visible(all)) {
    if (line !== '' && !lines.has(line)) lines.set(line, number);
  }
  return { first: all[0] ?? '', lines, lineCount: all.length };
}

/** The lines outside fenced code and HTML comments, in order. Linear time. */
export function visibleLines(text: string): Iterable<VisibleLine> {
  return visible(linesOf(text));
}

function linesOf(text: string): readonly string[] {
  return text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
}

function* visible(all: readonly string[]): Iterable<VisibleLine> {
  let inside: Inside = '';
  for (const [index, raw] of all.entries()) {
    const line = raw.trimEnd();
    const before = inside;
    inside = before === '' ? opened(line) : closed(before, line);
    if (before === '' && inside === '' && !startsBlock(line)) yield { number: index + 1, text: line };
  }
}

function startsBlock(line: string): boolean {
  return line.trimStart().startsWith('<!--');
}

function opened(line: string): Inside {
  if (startsBlock(line)) return line.includes('-->') ? '' : '-->';
  return /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
}

function closed(inside: Inside, line: string): Inside {
  if (inside === '-->') return line.includes('-->') ? '' : inside;
  const mark = line.trim();
  return mark.startsWith(inside) && /^(`+|~+)$/.test(mark) ? '' : inside;
}
