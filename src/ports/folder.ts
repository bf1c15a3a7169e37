import * as fs from 'node:fs';
import type { FolderRead } from '../workspace.js';
import { fileFailure, systemCode } from './failure.js';
import { assertStillInside, mustBeInside } from './paths.js';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/** Names are opened relative to the opened folder where the system can do that, so that swapping the folder changes nothing. */
export function inFolder<T>(root: string, path: string, use: (read: FolderRead) => T): T {
  const real = mustBeInside(root, path);
  const reader = (folder: string) => (name: string, maxBytes: number) =>
    read(folder, name, maxBytes, `${path}/${name}`);
  if (process.platform === 'win32') return use(reader(real));
  const opened = open(root, real, path);
  if (opened === undefined) return use(() => 'missing');
  try {
    const byHandle = `/proc/self/fd/${opened}`;
    return use(reader(fs.existsSync(`${byHandle}/.`) ? byHandle : real));
  } finally {
    fs.closeSync(opened);
  }
}

/** Undefined when there is no such folder. */
function open(root: string, real: string, path: string): number | undefined {
  try {
    const folder = fs.openSync(real, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    assertStillInside(root, folder, path);
    return folder;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fileFailure('read', path, error);
  }
}

function read(folder: string, name: string, maxBytes: number, shown: string): ReturnType<FolderRead> {
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) return 'missing';
  let fd: number;
  try {
    fd = fs.openSync(`${folder}/${name}`, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return 'missing';
    if (code === 'ELOOP' || code === 'ENXIO') return 'not_a_file';
    throw fileFailure('read', shown, error);
  }
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) return 'not_a_file';
    return stat.size > maxBytes ? 'too_large' : readWhole(fd, stat.size);
  } catch (error) {
    throw fileFailure('read', shown, error);
  } finally {
    fs.closeSync(fd);
  }
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
