import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { SpecError } from '../errors.js';

/** Writes a file that the person named, whole or not at all. A file that is there is replaced only when it begins with `mark`. */
export function writePage(file: string, text: string, mark: string): void {
  const full = path.resolve(file);
  try {
    if (!isOurs(full, mark))
      throw new SpecError('EXISTS', `${file} exists and is no report of ours. Name another file.`);
    const temp = path.join(path.dirname(full), `.${path.basename(full)}.${process.pid}.tmp`);
    const fd = openSync(temp, 'wx', 0o644);
    try {
      for (let bytes = Buffer.from(text); bytes.length > 0; ) bytes = bytes.subarray(writeSync(fd, bytes));
      fsyncSync(fd);
      closeSync(fd);
      renameSync(temp, full);
    } catch (error) {
      rmSync(temp, { force: true });
      throw error;
    }
  } catch (error) {
    if (error instanceof SpecError) throw error;
    throw new SpecError(
      'FILE_UNAVAILABLE',
      `${file} could not be written. Name a file in a folder that exists.`,
      {
        cause: error,
      },
    );
  }
}

function isOurs(full: string, mark: string): boolean {
  let fd: number;
  try {
    fd = openSync(full, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
    throw error;
  }
  try {
    const start = Buffer.alloc(Buffer.byteLength(mark));
    readSync(fd, start, 0, start.length, 0);
    return start.toString() === mark;
  } finally {
    closeSync(fd);
  }
}
