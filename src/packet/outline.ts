export interface Outline {
  /** The first line, without its line end and a byte order mark. */
  readonly first: string;
  /** Lines outside fenced code and HTML comments, trailing blanks cut, with their numbers from 1 (first occurrence). */
  readonly lines: ReadonlyMap<string, number>;
  readonly lineCount: number;
}

/** What ends the block that a line stands in: a fence mark, `-->`, or '' for ordinary text. */
type Inside = string;

/** What a reader sees as the lines of a document: the ones in fences and comments are examples. Linear time. */
export function outline(text: string): Outline {
  const all = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const lines = new Map<string, number>();
  let inside: Inside = '';
  for (const [index, raw] of all.entries()) {
    const line = raw.trimEnd();
    const before = inside;
    inside = before === '' ? opened(line) : closed(before, line);
    if (before === '' && inside === '' && !startsBlock(line) && line !== '' && !lines.has(line))
      lines.set(line, index + 1);
  }
  return { first: all[0] ?? '', lines, lineCount: all.length };
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
