/**
 * Foreign text (command output, commit messages, HTTP bodies, cells, names) as a terminal and a model may see it: nothing in
 * it acts, hides or reorders. Raw bytes stay in the files that results point to.
 */

/** Operating system command, device control and the like with all they carry, when they end; no introducer may stand inside. */
const STRING_SEQUENCE =
  /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)/g;
const CONTROL_SEQUENCE = /(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,16}[@-~]/g;
const SHORT_SEQUENCE = /\x1b[ -/]{0,4}[0-~]/g;
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
/** Direction marks, zero-width characters, tags, line and paragraph separators, halves of a character. */
const HIDDEN = /[\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu;
const ACTS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u;

/** Without escape sequences and control characters but `\n` and `\t`; what is invisible is named, as `<U+202E>`. Idempotent, linear. */
export function inert(text: string): string {
  if (!ACTS.test(text)) return text;
  return withoutSequences(text)
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\u240d')
    .replace(CONTROL, '')
    .replace(HIDDEN, named);
}

/** Without the escape sequences of terminals, all else as it is. */
export function withoutSequences(text: string): string {
  return text.replace(STRING_SEQUENCE, '').replace(CONTROL_SEQUENCE, '').replace(SHORT_SEQUENCE, '');
}

/** The same JSON value with all its texts and member names inert. */
export function inertJson<T>(value: T): T;
export function inertJson(value: unknown): unknown {
  if (typeof value === 'string') return inert(value);
  if (Array.isArray(value)) return value.map(item => inertJson(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [inert(name), inertJson(member)]));
}

function named(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
