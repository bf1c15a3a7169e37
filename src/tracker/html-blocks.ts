import { isBlank } from './cells.js';

/** Endings of raw HTML, by the CommonMark start conditions 1 to 6; '' is a blank line. */
const LITERAL_TAGS = ['script', 'pre', 'style', 'textarea'];
const LITERAL = 'literal';
const BLOCK_TAGS = new Set(
  (
    'address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt ' +
    'fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link ' +
    'main menu menuitem nav noframes ol optgroup option p param search section summary table tbody td tfoot th thead ' +
    'title tr track ul'
  ).split(' '),
);
const LONGEST_TAG = 10;

/** What ends the raw HTML that starts at `at`; undefined when none starts there. */
export function htmlEnding(text: string, at: number): string | undefined {
  if (text.charAt(at) !== '<') return undefined;
  if (text.startsWith('!--', at + 1)) return '-->';
  if (text.startsWith('?', at + 1)) return '?>';
  if (text.startsWith('![CDATA[', at + 1)) return ']]>';
  if (text.charAt(at + 1) === '!' && isLetter(text.charCodeAt(at + 2))) return '>';
  const closing = text.charAt(at + 1) === '/';
  const name = tagName(text, closing ? at + 2 : at + 1);
  if (!closing && LITERAL_TAGS.includes(name)) return LITERAL;
  return BLOCK_TAGS.has(name) ? '' : undefined;
}

/** Whether raw HTML with this ending is over after the line. */
export function isHtmlOver(ending: string, text: string, at: number): boolean {
  if (ending === '') return at === text.length;
  if (ending !== LITERAL) return text.includes(ending, at);
  const rest = text.slice(at).toLowerCase();
  return LITERAL_TAGS.some(tag => rest.includes(`</${tag}>`));
}

/** The lower-case name of a tag that ends properly: with a blank, `>`, `/>` or the end of the line. */
function tagName(text: string, at: number): string {
  let end = at;
  while (end < text.length && end - at <= LONGEST_TAG && isNamePart(text.charCodeAt(end))) end++;
  const proper =
    end === text.length ||
    isBlank(text.charCodeAt(end)) ||
    text.charAt(end) === '>' ||
    text.startsWith('/>', end);
  return proper ? text.slice(at, end).toLowerCase() : '';
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

function isNamePart(code: number): boolean {
  return isLetter(code) || (code >= 48 && code <= 57);
}
