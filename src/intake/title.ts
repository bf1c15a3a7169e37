import { SpecError } from '../errors.js';

/** What is shown to nobody or turns text around: control, format, private and half characters. Joiners of emoji stay. */
const INVISIBLE = /(?!\u200d)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
const MEANINGFUL = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
const LONGEST_TITLE = 120;
const LONGEST_SLUG = 40;

export interface Title {
  /** One line, shortened for headings and cells. */
  readonly short: string;
  readonly whole: string;
}

/** Throws INVALID_ARGUMENT for a title that names nothing. */
export function readTitle(raw: string): Title {
  const whole = raw.replace(/\s/gu, ' ').replace(INVISIBLE, '').replace(/ {2,}/g, ' ').trim();
  if (!MEANINGFUL.test(whole))
    throw new SpecError(
      'INVALID_ARGUMENT',
      'The title has no letter, digit or symbol that could name a spec. Say in a few words what it is about.',
    );
  return { whole, short: shortened(whole) };
}

/** By characters as people see them, at a blank if there is one near the end. */
function shortened(text: string): string {
  if (text.length <= LONGEST_TITLE) return text;
  let cut = '';
  for (const { segment } of new Intl.Segmenter('en').segment(text.slice(0, 4 * LONGEST_TITLE))) {
    if (cut.length + segment.length > LONGEST_TITLE) break;
    cut += segment;
  }
  const blank = cut.lastIndexOf(' ');
  return `${(blank > LONGEST_TITLE / 2 ? cut.slice(0, blank) : cut).trimEnd()}…`;
}

/**
 * The lower-case end of a packet's folder name, '' when the title has no Latin letters. It starts with a letter, because
 * digits would read as a part of the spec id.
 */
export function slugOf(title: string): string {
  const words = title
    .slice(0, 10 * LONGEST_SLUG)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[0-9-]+/, '');
  const cut = words.slice(0, LONGEST_SLUG + 1);
  const dash = cut.lastIndexOf('-');
  const whole = words.length <= LONGEST_SLUG || dash < LONGEST_SLUG / 2;
  return (whole ? cut.slice(0, LONGEST_SLUG) : cut.slice(0, dash)).replace(/-+$/, '');
}
