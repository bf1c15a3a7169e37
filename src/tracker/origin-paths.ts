import nodePath from 'node:path';
import type { Workspace } from '../workspace/workspace.js';

/**
 * Whether a path of the tracker in `folder` exists as Python's `(folder / path).exists()` answers in a fresh clone on another
 * machine: an absolute path replaces the folder, and a `..` needs a real folder before it. Asks the disk once a path.
 */
export function originExists({ root, files }: Workspace, folder: string): (path: string) => boolean {
  const known = new Map<string, boolean>();
  const ask = (path: string): boolean => {
    const full = nodePath.posix.isAbsolute(path) ? path : `${root}/${folder}/${path}`;
    const inside = nodePath.posix.relative(root, full);
    if (isAbove(inside)) return true;
    if (inside === '..' || inside.startsWith('../')) return false;
    return (
      foldersBefore(path).every(part => isThere(files, nodePath.posix.join(folder, part))) &&
      isThere(files, inside)
    );
  };
  return path => {
    const answer = known.get(path) ?? ask(path);
    known.set(path, answer);
    return answer;
  };
}

function isThere(files: Workspace['files'], path: string): boolean {
  const { kind } = files.info(path === '' ? '.' : path);
  return kind !== 'missing' && kind !== 'outside';
}

/** The workspace's own folder or one above it. */
function isAbove(relative: string): boolean {
  return relative.split('/').every(part => part === '..' || part === '' || part === '.');
}

/** What stands before each `..` of a relative path. */
function foldersBefore(path: string): string[] {
  if (nodePath.posix.isAbsolute(path)) return [];
  const parts = path.split('/');
  return parts.flatMap((part, index) =>
    part === '..' && index > 0 && parts[index - 1] !== '..' ? [parts.slice(0, index).join('/')] : [],
  );
}
