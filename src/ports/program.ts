import * as fs from 'node:fs';
import nodePath from 'node:path';
import type { FindProgram } from '../workspace/command.js';
import { systemCode } from './failure.js';
import { isInside, realInside } from './paths.js';

/** The absolute path to start, or why there is none, in words that follow the command's name. */
export type Program = { readonly path: string } | { readonly problem: string };

const MISSING = 'could not start: there is no such program.';

/** `label`: how an absolute path may be shown. */
export function createFindProgram(
  root: string,
  searchPath: string,
  label: (path: string) => string,
): FindProgram {
  return name => {
    const program = resolveProgram(name, root, searchPath);
    if ('problem' in program) return program;
    return { path: label(program.path), inWorkspace: isInside(root, realPath(program.path)) };
  };
}

/**
 * Resolves once what will be started. `name` is an absolute path, a path from the workspace's root (`./check.sh`) that
 * stays inside it, or a bare name on `searchPath`. A bare name never finds a file of the workspace.
 */
export function resolveProgram(name: string, root: string, searchPath: string): Program {
  if (name === '' || name.includes('\0')) return { problem: MISSING };
  if (nodePath.isAbsolute(name)) return checkProgram(name);
  if (name.includes('/') || name.includes(nodePath.sep)) {
    return realInside(root, name) === undefined
      ? { problem: 'could not start: its program is outside the workspace.' }
      : checkProgram(nodePath.join(root, name));
  }
  return onSearchPath(name, root, searchPath);
}

function onSearchPath(name: string, root: string, searchPath: string): Program {
  const suffixes = process.platform === 'win32' ? ['.exe', '.com', ''] : [''];
  const programs = searchPath
    .split(nodePath.delimiter)
    .filter(folder => nodePath.isAbsolute(folder) && !isInside(root, realPath(folder)))
    .flatMap(folder => suffixes.map(suffix => checkProgram(nodePath.join(folder, name + suffix))));
  return (
    programs.find(program => 'path' in program) ??
    programs.find(program => 'problem' in program && program.problem !== MISSING) ?? {
      problem: 'could not start: there is no such program on the PATH.',
    }
  );
}

function realPath(folder: string): string {
  try {
    return fs.realpathSync.native(folder);
  } catch {
    return folder;
  }
}

function checkProgram(path: string): Program {
  try {
    if (!fs.statSync(path).isFile()) return { problem: 'could not start: its program is not a file.' };
    fs.accessSync(path, fs.constants.X_OK);
  } catch (error) {
    const denied = systemCode(error) === 'EACCES';
    return { problem: denied ? 'could not start: its program is not executable.' : MISSING };
  }
  if (startsLikeProgram(path)) return { path };
  return { problem: 'could not start: its program is neither a program nor a script with a #! line.' };
}

/** ELF, Windows, the five forms of Mach-O, script. */
const MAGIC = /^(?:\x7fELF|MZ|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe|#!)/;

/**
 * The C library hands what the system refuses to execute to /bin/sh, which finds an empty file or one of comments
 * successful. A program that may be executed but not read is left to the system.
 */
function startsLikeProgram(path: string): boolean {
  const start = Buffer.alloc(4);
  try {
    const fd = fs.openSync(path, fs.constants.O_RDONLY);
    try {
      fs.readSync(fd, start, 0, start.length, 0);
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return true;
  }
  return MAGIC.test(start.toString('latin1'));
}
