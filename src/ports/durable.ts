import * as fs from 'node:fs';

/** Changes whenever a file is replaced or rewritten. */
export function versionOf(stat: fs.BigIntStats): string {
  return `${stat.dev}-${stat.ino}-${stat.size}-${stat.mtimeNs}`;
}

/** A short write is no error to the system, so write on until all is written. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += fs.writeSync(fd, bytes, written, bytes.length - written);
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
