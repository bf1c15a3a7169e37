/** What Python's `str.strip` removes beside the white space that JavaScript knows too; U+FEFF it keeps. */
const ALSO_SPACE = '\u001c\u001d\u001e\u001f\u0085';
/** Where Python's `str.splitlines` splits beside CR and LF. */
const ALSO_LINE_END = '\u000b\u000c\u001c\u001d\u001e\u0085\u2028\u2029';
const CR = 13;
const LF = 10;

/** The lines of a text as Python reads them, with none after a last line end. */
export function pythonLines(text: string): string[] {
  const lines: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isLineEnd(code)) continue;
    lines.push(text.slice(start, i));
    if (code === CR && text.charCodeAt(i + 1) === LF) i++;
    start = i + 1;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

export function pythonStrip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charAt(start))) start++;
  while (end > start && isSpace(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function isLineEnd(code: number): boolean {
  if (code > 0x1e && code < 0x85) return false;
  return code === LF || code === CR || ALSO_LINE_END.includes(String.fromCharCode(code));
}

function isSpace(char: string): boolean {
  return char !== '\ufeff' && (char.trim() === '' || ALSO_SPACE.includes(char));
}
