import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { SpecError } from '../errors.js';

const MAX_BYTES = 2 * 1024 * 1024;

/** UTF-8 text of a file named by the person, or of standard input. Throws INVALID_ARGUMENT, LIMIT_EXCEEDED, CANCELLED. */
export async function readInput(file: string | undefined, signal: AbortSignal): Promise<string> {
  try {
    const bytes = file === undefined ? await readStdin(signal) : await readFile(file);
    if (bytes.length > MAX_BYTES)
      throw new SpecError(
        'LIMIT_EXCEEDED',
        'The input has more than 2 MiB. Write an extract and name the whole in it.',
      );
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof SpecError) throw error;
    if (signal.aborted)
      throw new SpecError('CANCELLED', 'It was ended before its input was there. Nothing was done.');
    const why = error instanceof TypeError ? 'is not UTF-8 text' : 'could not be read';
    throw new SpecError('INVALID_ARGUMENT', `${file ?? 'Standard input'} ${why}. Name a text file.`, {
      cause: error,
    });
  }
}

async function readStdin(signal: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of addAbortSignal(signal, process.stdin)) {
    parts.push(part);
    bytes += part.length;
    if (bytes > MAX_BYTES) break;
  }
  return Buffer.concat(parts);
}
