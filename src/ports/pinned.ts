import * as fs from 'node:fs';
import nodePath from 'node:path';
import { systemCode } from './failure.js';
import { entryInside, isInside, mayLeadTo, mustBeInside, refuse } from './paths.js';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;

/** Linux can name an entry relative to an opened folder. Elsewhere a short gap stays between checking a path and using it. */
const canPin = fs.existsSync('/proc/self/fd/.');

/** An entry of a folder that stays the one that was checked, whatever its path leads to meanwhile. */
export interface Pinned {
  /** For the next system call; the last part may be missing, or a link that is not followed. */
  readonly entry: string;
  release(): void;
}

/**
 * Opens the folder that `path` is in, sure that it lies inside the root. Throws OUTSIDE_WORKSPACE, and the system's error
 * when there is no such folder.
 */
export function pin(root: string, path: string): Pinned {
  if (!canPin) return { entry: entryInside(root, path), release: () => {} };
  const full = nodePath.join(root, path);
  if (path.includes('\0') || path.length > 4096 || nodePath.isAbsolute(path) || full === root)
    return refuse(path);
  if (!isInside(root, full)) return refuse(path);
  const fd = fs.openSync(nodePath.dirname(full), O_RDONLY | O_DIRECTORY);
  const release = () => fs.closeSync(fd);
  try {
    if (!mayLeadTo(root, nodePath.dirname(full), fs.readlinkSync(`/proc/self/fd/${fd}`))) return refuse(path);
    return { entry: `/proc/self/fd/${fd}/${nodePath.basename(full)}`, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** `use` with the pinned entry, which is valid during the call only. */
export function withEntry<T>(root: string, path: string, use: (entry: string) => T): T {
  const { entry, release } = pin(root, path);
  try {
    return use(entry);
  } finally {
    release();
  }
}

/** As `withEntry`, with the folder made first when it is missed: it is there nearly always. */
export function withNewEntry<T>(root: string, path: string, use: (entry: string) => T): T {
  try {
    return withEntry(root, path, use);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    makeFolder(root, nodePath.dirname(path));
    return withEntry(root, path, use);
  }
}

/** A folder and those above it, one by one: each is made in a folder that was checked. */
export function makeFolder(root: string, path: string): void {
  const real = mustBeInside(root, path);
  if (fs.statSync(real, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (!canPin) {
    fs.mkdirSync(real, { recursive: true });
    return;
  }
  const parts = nodePath.normalize(path).split(nodePath.sep).filter(Boolean);
  for (let count = 1; count <= parts.length; count++) {
    withEntry(root, nodePath.join(...parts.slice(0, count)), entry => {
      if (fs.statSync(entry, { throwIfNoEntry: false })?.isDirectory() === true) return;
      try {
        fs.mkdirSync(entry);
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error;
      }
    });
  }
}

/** Removes an entry with all below it; links are removed, never followed. Absent is fine. */
export function removeTree(root: string, path: string): void {
  try {
    withEntry(root, path, entry =>
      canPin ? removeEntry(entry) : fs.rmSync(entry, { recursive: true, force: true }),
    );
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

function removeEntry(entry: string): void {
  const stat = fs.lstatSync(entry, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) {
    fs.unlinkSync(entry);
    return;
  }
  const fd = fs.openSync(entry, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const folder = `/proc/self/fd/${fd}`;
    for (const name of fs.readdirSync(folder)) removeEntry(`${folder}/${name}`);
  } finally {
    fs.closeSync(fd);
  }
  fs.rmdirSync(entry);
}

/** The entries of a folder; undefined when there is none. */
export function listFolder(root: string, path: string): fs.Dirent[] | undefined {
  const real = mustBeInside(root, path);
  if (!canPin) return fs.existsSync(real) ? fs.readdirSync(real, { withFileTypes: true }) : undefined;
  if (fs.lstatSync(real, { throwIfNoEntry: false }) === undefined) return undefined;
  const fd = fs.openSync(real, O_RDONLY | O_DIRECTORY);
  try {
    if (!isInside(root, fs.readlinkSync(`/proc/self/fd/${fd}`))) return refuse(path);
    return fs.readdirSync(`/proc/self/fd/${fd}`, { withFileTypes: true });
  } finally {
    fs.closeSync(fd);
  }
}
