import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { homedir } from 'node:os';
import nodePath from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SpecError } from '../errors.js';
import type { RunCommand } from '../workspace/command.js';
import type { SendRequest } from '../workspace/http.js';
import type { Operator } from '../workspace/operator.js';
import type { CopyLog } from '../workspace/redactor.js';
import type { Workspace } from '../workspace/workspace.js';
import { compress } from './compress.js';
import { createFiles } from './files.js';
import { createGit } from './git.js';
import { createLocks, sharedFolder } from './locks.js';
import { isInside } from './paths.js';
import { openPrivateFolder } from './private-folder.js';
import { processes } from './processes.js';
import { createFindProgram } from './program.js';
import type { Trusted } from './trust-store.js';

export interface OpenOptions {
  readonly operator: Operator;
  readonly runCommand: (root: string) => RunCommand;
  /** The PATH that commands see. */
  readonly searchPath: string;
  readonly copyLog: (root: string) => CopyLog;
  readonly http: SendRequest;
  readonly trusts: (trusted: Trusted) => boolean;
}

/**
 * The workspace whose git top level is `directory` or a folder above it. Reads no git and starts no program, so that a
 * server starts fast and without git installed.
 */
export function openWorkspace(directory: string, options: OpenOptions): Workspace {
  const root = topLevel(directory);
  return assemble(root, gitFolder(root), options);
}

/** A folder that is in no repository, such as an unpacked download, to read what lies there; git knows nothing about it. */
export function openPlainFolder(directory: string, options: OpenOptions): Workspace {
  const root = fs.realpathSync.native(directory);
  return assemble(root, nodePath.join(root, '.git'), options);
}

/** Whether a folder exists that is in no git repository. */
export function isPlainFolder(directory: string): boolean {
  if (fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  for (let at = fs.realpathSync.native(directory); ; at = nodePath.dirname(at)) {
    if (fs.existsSync(nodePath.join(at, '.git'))) return false;
    if (at === nodePath.dirname(at)) return true;
  }
}

function assemble(root: string, gitDirectory: string, options: OpenOptions): Workspace {
  return {
    root,
    label: labelOf(root),
    files: createFiles(root, nodePath.join(gitDirectory, 'spec-kit-mcp')),
    git: createGit(root, gitDirectory),
    locks: createLocks(gitDirectory),
    runCommand: options.runCommand(root),
    findProgram: createFindProgram(root, options.searchPath, labelOf),
    compress,
    copyLog: options.copyLog(root),
    openPrivateFolder,
    http: options.http,
    operator: options.operator,
    runtime: { node: process.version, os: `${process.platform} ${process.arch}` },
    processes,
    trusts: digest => options.trusts({ digest, repository: repositoryOf(gitDirectory) }),
    now: () => new Date(),
    wait: (ms, signal) => delay(ms, undefined, { signal }).catch(() => {}),
    randomHex: bytes => randomBytes(bytes).toString('hex'),
  };
}

/** The git folder that all work trees of the repository at `root` share. */
export function repositoryAt(root: string): string {
  return repositoryOf(gitFolder(root));
}

function repositoryOf(gitDirectory: string): string {
  try {
    return sharedFolder(gitDirectory);
  } catch {
    // None, or one that is broken: it has nothing in common with another.
    return gitDirectory;
  }
}

export function labelOf(root: string): string {
  const home = homedir();
  return home !== nodePath.parse(root).root && isInside(home, root) ? `~${root.slice(home.length)}` : root;
}

function topLevel(directory: string): string {
  let start: string;
  try {
    start = fs.realpathSync.native(directory);
  } catch {
    throw new SpecError(
      'INVALID_ARGUMENT',
      `The workspace ${labelOf(nodePath.resolve(directory))} does not exist. Name a folder of a git repository with --workspace.`,
    );
  }
  if (!fs.statSync(start).isDirectory())
    throw new SpecError(
      'INVALID_ARGUMENT',
      `The workspace ${labelOf(start)} is not a folder. Name a folder of a git repository with --workspace.`,
    );
  for (let at = start; ; at = nodePath.dirname(at)) {
    if (fs.existsSync(nodePath.join(at, '.git'))) return at;
    if (at === nodePath.dirname(at))
      throw new SpecError(
        'INVALID_ARGUMENT',
        `${labelOf(start)} is not in a git repository, and evidence needs the commit it belongs to. Run \`git init\` there, or name a repository with --workspace DIR.`,
      );
  }
}

/** `.git` itself, or where the `.git` file of a linked work tree or submodule points. */
function gitFolder(root: string): string {
  const dotGit = nodePath.join(root, '.git');
  if (fs.statSync(dotGit).isDirectory()) return dotGit;
  const target = /^gitdir: (.+)$/m.exec(fs.readFileSync(dotGit, 'utf8').slice(0, 8192))?.[1]?.trim();
  if (target === undefined || !fs.existsSync(nodePath.resolve(root, target, 'HEAD')))
    throw new SpecError(
      'INVALID_ARGUMENT',
      `${labelOf(dotGit)} is neither a git folder nor a pointer to one. Name another --workspace.`,
    );
  return nodePath.resolve(root, target);
}
