import { readCanonical } from './canonical-read.js';

/** A file that should hold one JSON value in canonical form. */
export interface StoredJson {
  /** Undefined when the bytes are no JSON at all. */
  readonly value: unknown;
  /** First byte that is not as it should be; undefined when all are. */
  readonly flaw: number | undefined;
}

export function readStored(bytes: Buffer): StoredJson {
  const text = bytes.toString();
  const read = readCanonical(text);
  const foreign = text.includes('\uFFFD') ? firstInvalidUtf8(bytes, text) : undefined;
  if ('value' in read) return { value: read.value, flaw: foreign };
  const at = Buffer.byteLength(text.slice(0, read.flaw));
  return { value: lenient(text), flaw: foreign === undefined ? at : Math.min(at, foreign) };
}

/** Where a file that should be JSON stops being it, in the words of JSON.parse; undefined when it is. */
export function jsonErrorAt(bytes: Buffer): number | undefined {
  const text = bytes.toString();
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const told = error instanceof SyntaxError ? /position (\d+)/.exec(error.message)?.[1] : undefined;
    const at =
      told === undefined ? Math.max(0, bytes.length - 1) : Buffer.byteLength(text.slice(0, Number(told)));
    // Behind bytes that are no UTF-8, places in the text and in the bytes are no longer the same.
    const foreign = text.includes('\uFFFD') ? firstInvalidUtf8(bytes, text) : undefined;
    return foreign === undefined ? at : Math.min(at, foreign);
  }
}

/** A value that was merely reformatted is still worth understanding. */
function lenient(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Decoding puts U+FFFD where the bytes are no UTF-8; where the file itself holds U+FFFD they are EF BF BD. */
function firstInvalidUtf8(bytes: Buffer, text: string): number | undefined {
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', at + 1)) {
    const offset = Buffer.byteLength(text.slice(0, at));
    if (bytes.toString('latin1', offset, offset + 3) !== '\xef\xbf\xbd') return offset;
  }
  return undefined;
}
