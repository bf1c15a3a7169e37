import * as fs from 'node:fs';
import { SpecError } from '../errors.js';
import type { FolderRead } from '../workspace/files.js';
import { fileFailure, systemCode } from './failure.js';
import { assertStillInside, mustBeInside } from './paths.js';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/** Most files are smaller and need no second look at their size. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** Names are opened relative to the opened folder where the system can do that, so that swapping the folder changes nothing. */
export function inFolder<T>(root: string, path: string, use: (read: FolderRead) => T): T {
  const real = mustBeInside(root, path);
  const reader =
    (folder: string): FolderRead =>
    (name, maxBytes) => {
      try {
        return isBare(name) ? readIn(`${folder}/${name}`, maxBytes) : 'missing';
      } catch (error) {
        throw fileFailure('read', `${path}/${name}`, error);
      }
    };
  if (process.platform === 'win32') return use(reader(real));
  const opened = open(real, path);
  if (opened === undefined) return use(() => 'missing');
  try {
    assertStillInside(root, opened, path);
    return use(reader(openedAt(opened) ?? real));
  } finally {
    fs.closeSync(opened);
  }
}

/** A path that leads to the opened folder itself; undefined where the system has none. */
export function openedAt(fd: number): string | undefined {
  const byHandle = `/proc/self/fd/${fd}`;
  return fs.existsSync(`${byHandle}/.`) ? byHandle : undefined;
}

/** `real` checks anew where the folder is. `fd` is undefined on Windows, which opens no folders. Throws for a missing folder. */
export function openFolderFd(
  root: string,
  path: string,
): { readonly fd: number | undefined; real(): string } {
  const real = () => mustBeInside(root, path);
  const first = real();
  if (process.platform === 'win32') return { fd: undefined, real };
  const fd = open(first, path);
  if (fd === undefined) throw new SpecError('FILE_UNAVAILABLE', `The folder ${path} vanished. Call again.`);
  try {
    assertStillInside(root, fd, path);
    return { fd, real };
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

/** Undefined when there is no such folder. */
function open(real: string, path: string): number | undefined {
  try {
    return fs.openSync(real, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fileFailure('read', path, error);
  }
}

/** No path: nothing that leads to another folder. */
export function isBare(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}

/** A regular file by its path; a link in its place is not followed. */
export function readIn(full: string, maxBytes: number): ReturnType<FolderRead> {
  let fd: number | undefined;
  try {
    fd = fs.openSync(full, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    return readOpened(fd, maxBytes);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return 'missing';
    if (['ELOOP', 'ENXIO', 'EISDIR', 'ESPIPE'].includes(code)) return 'not_a_file';
    throw error;
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/** Reading at a position fails for folders and pipes; whatever is longer than the scratch is asked for its kind and size. */
function readOpened(fd: number, maxBytes: number): ReturnType<FolderRead> {
  const got = fs.readSync(fd, scratch, 0, scratch.length, 0);
  if (got < scratch.length) return got > maxBytes ? 'too_large' : copyOf(scratch, got);
  const stat = fs.fstatSync(fd);
  if (!stat.isFile()) return 'not_a_file';
  return stat.size > maxBytes ? 'too_large' : readWhole(fd, stat.size);
}

function copyOf(source: Buffer, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  source.copy(bytes, 0, 0, length);
  return bytes;
}

function readWhole(fd: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const got = fs.readSync(fd, bytes, filled, size - filled, filled);
    if (got === 0) break;
    filled += got;
  }
  return bytes.subarray(0, filled);
}
