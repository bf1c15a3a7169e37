import * as fs from 'node:fs';
import { SpecError } from '../errors.js';
import { systemCode } from './failure.js';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;

/** Changes whenever a file is replaced or rewritten. */
export function versionOf(stat: fs.BigIntStats): string {
  return `${stat.dev}-${stat.ino}-${stat.size}-${stat.mtimeNs}`;
}

/** A short write is no error to the system, so write on until all is written. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += fs.writeSync(fd, bytes, written, bytes.length - written);
}

/**
 * Creates a file that does not exist and fsyncs it; what could not be written whole is removed again. `shown` is the path
 * for people. Throws EXISTS and system errors.
 */
export function writeNew(full: string, shown: string, bytes: Uint8Array, mode: number): void {
  let fd: number;
  try {
    fd = fs.openSync(full, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  } catch (error) {
    if (systemCode(error) === 'EEXIST')
      throw new SpecError('EXISTS', `${shown} exists already and is never overwritten. Choose another name.`);
    throw error;
  }
  try {
    writeAll(fd, bytes);
    fs.fsyncSync(fd);
  } catch (error) {
    fs.rmSync(full, { force: true });
    throw error;
  } finally {
    fs.closeSync(fd);
  }
}

/** A hard link; false when `target` exists already. Throws EVIDENCE_FS_NO_LINK and system errors. */
export function linkNew(source: string, target: string, shown: string): boolean {
  try {
    fs.linkSync(source, target);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return false;
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'].includes(code))
      throw new SpecError(
        'EVIDENCE_FS_NO_LINK',
        `${shown} could not be published: this file system has no hard links (${code}), and without them no write here is safe. Keep the workspace on a local file system.`,
        { cause: error },
      );
    throw error;
  }
}

/** Makes a rename or a link in a folder survive a power cut. Windows cannot open folders; there it does nothing. */
export function syncDirectory(full: string): void {
  if (process.platform === 'win32') return;
  const fd = fs.openSync(full, fs.constants.O_RDONLY);
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
