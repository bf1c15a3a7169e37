import { type VisibleLine, visibleLines } from '../packet/outline.js';

/** A line on which something is missing. */
export interface Gap {
  readonly kind: 'empty' | 'placeholder';
  /** From 1. */
  readonly line: number;
  /** The heading, or the placeholder as it stands. */
  readonly text: string;
}

const MAX_GAPS = 200;
const LONGEST_LINE = 20_000;
const SHOWN = 80;
const PLACEHOLDER =
  /\[NEEDS CLARIFICATION[^\]\n]{0,200}\]?|\[(?:PLACEHOLDER|TODO|TBD|FILL IN|INSERT)[^\]\n]{0,100}\]|\{\{[^}\n]{1,100}\}\}|(?<![\w`/-])(?:TBD|TODO|FIXME)(?![\w`/-])|<(?:placeholder|fill in|your [a-z ]{1,40}|insert [a-z ]{1,40})>/;

interface Heading {
  readonly level: number;
  readonly line: number;
  readonly text: string;
}

/** Sections without a word, and placeholders, in the order of their lines. Fenced code and comments are examples. Linear time. */
export function gapsOf(text: string): readonly Gap[] {
  const gaps: Gap[] = [];
  let open: Heading | undefined;
  for (const line of visibleLines(text)) {
    if (gaps.length >= MAX_GAPS) return gaps;
    if (line.text.trim() === '') continue;
    const heading = headingOf(line.number, line.text);
    gaps.push(...(heading === undefined ? placeholderIn(line) : sectionBefore(heading, open)));
    // A title may be followed by sections at once.
    open = heading?.level === 1 ? undefined : heading;
  }
  return open === undefined ? gaps : [...gaps, empty(open)];
}

function sectionBefore(heading: Heading, open: Heading | undefined): Gap[] {
  return open !== undefined && heading.level <= open.level ? [empty(open)] : [];
}

function placeholderIn({ number: line, text }: VisibleLine): Gap[] {
  const found = PLACEHOLDER.exec(withoutCode(text.slice(0, LONGEST_LINE)))?.[0];
  return found === undefined ? [] : [{ kind: 'placeholder', line, text: found.slice(0, SHOWN) }];
}

function empty({ line, text }: Heading): Gap {
  return { kind: 'empty', line, text: text.slice(0, SHOWN) };
}

function headingOf(line: number, text: string): Heading | undefined {
  const [, marks, title] = /^ {0,3}(#{1,6})\s+(\S.*)$/.exec(text) ?? [];
  return marks === undefined || title === undefined ? undefined : { level: marks.length, line, text: title };
}

/** Inline code speaks about a placeholder and is none. */
function withoutCode(line: string): string {
  return line.replace(/`[^`]*`/g, '``');
}
