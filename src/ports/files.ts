import * as fs from 'node:fs';
import { SpecError } from '../errors.js';
import type { Entry, FileInfo, Files, ReadFile } from '../workspace/files.js';
import { linkNew, syncDirectory, versionOf, writeNew } from './durable.js';
import { fileFailure, systemCode } from './failure.js';
import { inFolder } from './folder.js';
import { openFolder } from './open-folder.js';
import { assertStillInside, exists, mustBeInside, realInside } from './paths.js';
import { listFolder, makeFolder, removeTree, withEntry, withNewEntry } from './pinned.js';
import { createReplace } from './replace.js';
import { treeState } from './tree-state.js';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/**
 * The only file access of the product. `root` is a real path; every argument is relative to it and may not leave it, by
 * `..` or by a link. `scratch` is an absolute folder that git does not look at, for temporary files and claims.
 */
export function createFiles(root: string, scratch: string): Files {
  const attempt = <T>(doing: string, path: string, act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw fileFailure(doing, path, error);
    }
  };
  return {
    info: path => info(root, path),
    read: (path, maxBytes) => attempt('read', path, () => read(root, path, maxBytes)),
    readRange: (path, start, length, version) =>
      attempt('read', path, () => readRange(root, path, start, length, version)),
    inFolder: (path, use) => inFolder(root, path, use),
    openFolder: path => attempt('open the folder', path, () => openFolder(root, path)),
    state: path => attempt('look at', path, () => treeState(root, path)),
    list: path => attempt('list', path, () => list(root, path)),
    replace: createReplace(root, scratch),
    create: (path, bytes, mode = 0o644) => attempt('create', path, () => create(root, path, bytes, mode)),
    link: (from, to) => attempt('publish', to, () => link(root, from, to)),
    remove: path => attempt('remove', path, () => removeTree(root, path)),
    makeDirectory: path => attempt('create the folder', path, () => makeFolder(root, path)),
    syncDirectory: path => attempt('sync the folder', path, () => syncDirectory(mustBeInside(root, path))),
    absolute: path => mustBeInside(root, path),
  };
}

function info(root: string, path: string): FileInfo {
  const nothing = { size: 0, version: '', mtimeMs: 0 };
  const real = realInside(root, path);
  if (real === undefined) return { kind: 'outside', ...nothing };
  try {
    const stat = fs.statSync(real, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return { kind: 'missing', ...nothing };
    const mtimeMs = Number(stat.mtimeMs);
    if (stat.isFile()) return { kind: 'file', size: Number(stat.size), version: versionOf(stat), mtimeMs };
    return { ...nothing, kind: stat.isDirectory() ? 'directory' : 'other', mtimeMs };
  } catch {
    return { kind: 'missing', ...nothing };
  }
}

/** Opens a regular file for reading, sure that what was opened lies inside the root: a folder may be swapped for a link meanwhile. */
function openInside<T>(
  root: string,
  path: string,
  use: (fd: number, stat: fs.BigIntStats) => T,
): T | undefined {
  const real = mustBeInside(root, path);
  if (!exists(real)) return undefined;
  let fd: number;
  try {
    fd = fs.openSync(real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return undefined;
    throw error;
  }
  try {
    assertStillInside(root, fd, path);
    const stat = fs.fstatSync(fd, { bigint: true });
    if (!stat.isFile())
      throw new SpecError('FILE_UNAVAILABLE', `${path} is not a regular file. Name a file instead.`);
    return use(fd, stat);
  } finally {
    fs.closeSync(fd);
  }
}

function read(root: string, path: string, maxBytes: number): ReadFile | undefined {
  return openInside(root, path, (fd, stat) => {
    if (stat.size > BigInt(maxBytes))
      throw new SpecError(
        'LIMIT_EXCEEDED',
        `${path} has ${stat.size} bytes; the limit is ${maxBytes}. Split it or name another file.`,
      );
    return { bytes: readFully(fd, 0, Number(stat.size)), version: versionOf(stat) };
  });
}

function readRange(
  root: string,
  path: string,
  start: number,
  length: number,
  version: string,
): Buffer | undefined {
  return openInside(root, path, (fd, stat) =>
    versionOf(stat) === version ? readFully(fd, start, length) : undefined,
  );
}

function readFully(fd: number, start: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const got = fs.readSync(fd, bytes, filled, length - filled, start + filled);
    if (got === 0) break;
    filled += got;
  }
  return bytes.subarray(0, filled);
}

function list(root: string, path: string): readonly Entry[] {
  try {
    return (listFolder(root, path) ?? [])
      .map(entry => ({
        name: entry.name,
        kind: entry.isFile()
          ? ('file' as const)
          : entry.isDirectory()
            ? ('directory' as const)
            : ('other' as const),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return [];
    throw error;
  }
}

function create(root: string, path: string, bytes: Uint8Array, mode: number): void {
  withNewEntry(root, path, entry => writeNew(entry, path, bytes, mode));
}

function link(root: string, from: string, to: string): boolean {
  return withEntry(root, from, source => withNewEntry(root, to, target => linkNew(source, target, to)));
}
