const MOST = 80;
const MOST_READ = 64 * 1024;

/**
 * Foreign text inside a message: in backquotes, at most 80 characters, quotes inside all alike (a backslash before one would
 * get in the way of redacting the JSON around it), and what a terminal or reader would not see written out. `redact` goes
 * first, so that no cut leaves half a secret.
 */
export function quoted(text: string, redact: (text: string) => string): string {
  const clean = redact(text.slice(0, MOST_READ));
  const cut = clean.length > MOST ? `${clean.slice(0, MOST)}...` : clean;
  return `\`${cut.replaceAll(/["`]/g, "'").replaceAll(/[\p{C}\p{Zl}\p{Zp}\\]/gu, written)}\``;
}

function written(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** A JSON value in a few words: scalars as they are, the rest by its kind. */
export function inWords(value: unknown, redact: (text: string) => string): string {
  if (typeof value === 'string') return quoted(value, redact);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : quotedScalar(value, redact);
}

function quotedScalar(value: unknown, redact: (text: string) => string): string {
  return redact(String(value)).slice(0, MOST);
}
