import { SpecError } from '../errors.js';
import { LIMITS, lineTooLong } from './limits.js';

/** One line without its line end. Valid only during the call that gets it: the next line reuses the object. */
export interface Line {
  text: string;
  /** From 1. */
  number: number;
  /** Where it starts in the file, and how long it is, in bytes. */
  byte: number;
  bytes: number;
}

/** Small enough that a decoded piece stays out of V8's space for large objects, which costs several times more. */
const PIECE_BYTES = 32 * 1024;
const LF = 10;
const CR = 13;
const BOM = [0xef, 0xbb, 0xbf] as const;

/**
 * Calls `visit` for every line of a UTF-8 text; LF, CRLF and a lone CR end a line, a byte order mark belongs to none.
 * Throws NOT_TEXT with the line of the first byte that is no text, LIMIT_EXCEEDED for a line that is too long.
 */
export function eachLine(bytes: Buffer, visit: (line: Line) => void): void {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const line: Line = { text: '', number: 0, byte: 0, bytes: 0 };
  let start = BOM.every((byte, index) => bytes[index] === byte) ? BOM.length : 0;
  while (start < bytes.length) {
    const end = pieceEnd(bytes, start, line.number);
    const text = decode(decoder, bytes, start, end, line.number);
    visitPiece(text, text.length === end - start, start, line, visit);
    start = end;
  }
}

/** After the last line end within the piece's size, or else after the first one beyond it. */
function pieceEnd(bytes: Buffer, start: number, linesBefore: number): number {
  if (bytes.length - start <= PIECE_BYTES) return bytes.length;
  const last = bytes.subarray(start, start + PIECE_BYTES).lastIndexOf(LF);
  if (last !== -1) return start + last + 1;
  const window = bytes.subarray(start, start + LIMITS.lineBytes + 2);
  const next = window.indexOf(LF, PIECE_BYTES);
  if (next !== -1) return start + next + 1;
  if (window.length <= LIMITS.lineBytes) return bytes.length;
  return start + afterCarriageReturn(window, linesBefore);
}

/** A text whose lines end with a lone CR. The last byte of the window is left out: an LF could follow it. */
function afterCarriageReturn(window: Buffer, linesBefore: number): number {
  const last = window.lastIndexOf(CR, window.length - 2);
  if (last === -1) throw lineTooLong(linesBefore + 1);
  return last + 1;
}

function decode(
  decoder: InstanceType<typeof TextDecoder>,
  bytes: Buffer,
  start: number,
  end: number,
  linesBefore: number,
): string {
  const piece = bytes.subarray(start, end);
  let text: string;
  try {
    text = decoder.decode(piece);
  } catch {
    throw notText(piece, firstInvalid(piece), start, linesBefore, 'is not valid UTF-8');
  }
  const nul = piece.indexOf(0);
  if (nul !== -1) throw notText(piece, nul, start, linesBefore, 'is NUL');
  return text;
}

/** Halving finds where decoding breaks off; the sequence that broke it may have begun up to three bytes earlier. */
function firstInvalid(piece: Buffer): number {
  let valid = 0;
  let invalid = piece.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (decodes(piece.subarray(0, middle), true)) valid = middle;
    else invalid = middle;
  }
  while (!decodes(piece.subarray(0, valid), false)) valid--;
  return valid;
}

/** `partial`: a sequence may be cut off at the end. */
function decodes(bytes: Buffer, partial: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: partial });
    return true;
  } catch {
    return false;
  }
}

function notText(piece: Buffer, at: number, start: number, linesBefore: number, what: string): SpecError {
  let line = linesBefore + 1;
  for (let i = 0; i < at; i++) {
    if (piece[i] === LF || (piece[i] === CR && piece[i + 1] !== LF)) line++;
  }
  return new SpecError(
    'NOT_TEXT',
    `The tracker is not a text file: byte ${start + at} (line ${line}) ${what}. Save it as UTF-8, or name another file.`,
  );
}

/** The whole text, byte order mark and line ends included. Throws NOT_TEXT. */
export function decodeTracker(bytes: Buffer): string {
  return decode(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }), bytes, 0, bytes.length, 0);
}

function visitPiece(
  text: string,
  ascii: boolean,
  byteStart: number,
  line: Line,
  visit: (line: Line) => void,
): void {
  let byte = byteStart;
  let lf = text.indexOf('\n');
  let cr = text.indexOf('\r');
  for (let start = 0; start < text.length; ) {
    const end = lineEnd(text, lf, cr);
    const next = end + (end === cr && lf === cr + 1 ? 2 : 1);
    line.text = text.slice(start, end);
    line.number++;
    line.byte = byte;
    line.bytes = ascii ? end - start : Buffer.byteLength(line.text);
    if (line.bytes > LIMITS.lineBytes) throw lineTooLong(line.number);
    visit(line);
    byte += line.bytes + next - end;
    start = next;
    lf = from(text, '\n', start, lf);
    cr = from(text, '\r', start, cr);
  }
}

/** The next `mark` at or after `start`; searched for only when the one known so far is passed, so all searches are one pass. */
function from(text: string, mark: string, start: number, known: number): number {
  return known === -1 || known >= start ? known : text.indexOf(mark, start);
}

function lineEnd(text: string, lf: number, cr: number): number {
  if (lf === -1) return cr === -1 ? text.length : cr;
  return cr === -1 ? lf : Math.min(lf, cr);
}
