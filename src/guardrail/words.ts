/** The words of a command line, or why it has none that can be run: there is no shell. */
export type Words = { readonly words: string[] } | { readonly problem: string };

/** Blanks, a quoted part, an escaped character, or plain text. */
const PIECE = /\s+|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S]|[^\s'"\\]+/gy;
/** In unquoted text: pipes, lists, redirections, substitutions. */
const NEEDS_SHELL = /^(\|\|?|&&?|;|[<>]{1,2}|\d?>(&\d)?)$|;$|\$\(|`/;

/** Splits at blanks; '...' and "..." keep them. Linear time. */
export function splitWords(line: string): Words {
  const pieces = [...line.matchAll(PIECE)].map(([piece]) => piece);
  if (pieces.join('').length !== line.length) return { problem: 'a quote in it does not end' };
  if (pieces.some(piece => !/^['"\\]/.test(piece) && NEEDS_SHELL.test(piece)))
    return { problem: 'it needs a shell, and there is none: put it into a script and name that' };
  const words: string[] = [];
  let isInside = false;
  for (const piece of pieces) {
    const isBlank = /^\s/.test(piece);
    if (!isBlank) words.push((isInside ? (words.pop() ?? '') : '') + meaning(piece));
    isInside = !isBlank;
  }
  return words.length === 0 ? { problem: 'it is empty, and an empty command checks nothing' } : { words };
}

function meaning(piece: string): string {
  if (piece.startsWith("'")) return piece.slice(1, -1);
  if (piece.startsWith('"')) return piece.slice(1, -1).replaceAll(/\\([\s\S])/g, '$1');
  return piece.startsWith('\\') ? piece.slice(1) : piece;
}
