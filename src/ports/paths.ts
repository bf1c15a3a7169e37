import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import nodePath from 'node:path';
import { SpecError } from '../errors.js';
import { systemCode } from './failure.js';

/** The absolute path by its text alone; undefined when the text leaves the root or cannot name a file. */
function byText(root: string, path: string): string | undefined {
  if (path.includes('\0') || path.length > 4096 || nodePath.isAbsolute(path)) return undefined;
  const full = nodePath.join(root, path);
  return isInside(root, full) ? full : undefined;
}

export function isInside(root: string, full: string): boolean {
  return full === root || full.startsWith(root + nodePath.sep);
}

/**
 * Whether `real` is a place that `full`, by its text, may lead to: inside the root, and not by a link into git's own folder,
 * whose files hold credentials and name programs.
 */
export function mayLeadTo(root: string, full: string, real: string): boolean {
  return isInside(root, real) && (!isInGit(root, real) || isInGit(root, full));
}

function isInGit(root: string, full: string): boolean {
  return nodePath
    .relative(root, full)
    .split(nodePath.sep)
    .some(part => part.toLowerCase() === '.git');
}

/**
 * Where `path` really is, every symbolic link followed. For something that does not exist: the real path of the nearest
 * folder that does, with the rest appended. Undefined when that is outside `root`, or a link leads into `.git`.
 */
export function realInside(root: string, path: string): string | undefined {
  const rest: string[] = [];
  for (let at = byText(root, path); at !== undefined && isInside(root, at); at = nodePath.dirname(at)) {
    const real = realOf(at);
    if (real !== undefined) {
      const whole = nodePath.join(real, ...rest);
      return mayLeadTo(root, nodePath.join(root, path), whole) ? whole : undefined;
    }
    rest.unshift(nodePath.basename(at));
  }
  return undefined;
}

/** Undefined for what does not exist, '' for what cannot be followed. */
function realOf(full: string): string | undefined {
  try {
    return exists(full) ? realpathSync.native(full) : undefined;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(systemCode(error)) ? undefined : '';
  }
}

/** Without the cost of a thrown error, which for a file that is often missing is most of the cost. */
export function exists(full: string): boolean {
  return lstatSync(full, { throwIfNoEntry: false }) !== undefined;
}

/** As `realInside`, as an error. */
export function mustBeInside(root: string, path: string): string {
  return realInside(root, path) ?? refuse(path);
}

/** The entry itself, not what it links to: only the folder above it is resolved. */
export function entryInside(root: string, path: string): string {
  const full = byText(root, path);
  if (full === undefined || full === root) return refuse(path);
  const relative = nodePath.relative(root, full);
  return nodePath.join(mustBeInside(root, nodePath.dirname(relative)), nodePath.basename(relative));
}

export function refuse(path: string): never {
  const shown = JSON.stringify(path.length > 80 ? `${path.slice(0, 80)}...` : path);
  throw new SpecError(
    'OUTSIDE_WORKSPACE',
    `${shown} is outside the workspace, by its text or by a symbolic link (one into .git counts). Use a path inside it, relative to its root.`,
  );
}

/** After opening: a folder on the way may have been swapped for a link meanwhile. Only Linux can tell. */
export function assertStillInside(root: string, fd: number, path: string): void {
  let opened: string;
  try {
    opened = readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return;
  }
  if (!isInside(root, opened))
    throw new SpecError(
      'OUTSIDE_WORKSPACE',
      `${path} moved outside the workspace while it was opened. Call again.`,
    );
}
