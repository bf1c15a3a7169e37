import { existsSync, readdirSync } from 'node:fs';
import nodePath from 'node:path';
import type { SimpleGit } from 'simple-git';
import { SpecError } from '../errors.js';
import { inert } from '../inert.js';
import type { Git, GitChange, GitHead } from '../workspace/git.js';
import { GIT_TIMEOUT_MS, gitFailure } from './git-failure.js';
import { hardened, neutralSettings, ownKeys, untrustedKeys } from './git-hardening.js';
import { hiddenChanges, type IndexEntry, missing, parseEntry } from './git-index.js';
import { blob, objectsHere } from './git-objects.js';
import { createSides, trailers } from './git-sides.js';
import { realInside } from './paths.js';

const MAX_IDENTITY = 200;

/** Read-only git for one work tree, hardened: no hook, filter, monitor, pager, external diff or helper of the repository runs. */
export function createGit(root: string, gitFolder = nodePath.join(root, '.git')): Git {
  let opened: Promise<SimpleGit> | undefined;
  const plain = async (...args: string[]): Promise<string> => {
    opened ??= open(root);
    try {
      return await (await opened).raw('--no-optional-locks', ...args);
    } catch (error) {
      opened = undefined;
      throw gitFailure(args.slice(args[0] === '--literal-pathspecs' ? 1 : 0), error);
    }
  };
  const raw: Raw = (...args) => plain('--literal-pathspecs', ...args);
  const plainBytes = async (name: string): Promise<unknown> => {
    opened ??= open(root);
    try {
      return await (await opened).binaryCatFile(['blob', name]);
    } catch (error) {
      opened = undefined;
      throw gitFailure(['cat-file'], error);
    }
  };
  return {
    head: () => head(raw),
    changes: () => changes(raw, root, gitFolder),
    leftOut: async () => (isSparse(gitFolder) ? missing(root, await index(raw)) : 0),
    tracked: async () => withFolders((await raw('ls-files', '-z')).split('\0')),
    branches: async () =>
      branchNames(await raw('for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/remotes')),
    ignored: paths => ignored(plain, paths),
    isAncestor: (commit, of) => isAncestor(raw, commit, of),
    changedBetween: (from, to) => changedBetween(raw, from, to),
    here: objects => objectsHere(raw, objects),
    blob: (name, maxBytes) => blob(raw, plainBytes, name, maxBytes),
    untrustedConfig: async () => untrustedKeys(await ownKeys(raw)),
    identity: async () => identityFrom(await raw('config', '--get-regexp', '-z', '^user\\.(name|email)$')),
    trailers: key => trailers(raw, key),
    sides: createSides(raw, gitFolder),
    isMerging: () => existsSync(nodePath.join(gitFolder, 'MERGE_HEAD')),
    version: async () => (await raw('--version')).trim(),
  };
}

type Raw = (...args: string[]) => Promise<string>;

async function open(root: string): Promise<SimpleGit> {
  const { simpleGit } = await import('simple-git');
  const options = {
    baseDir: root,
    timeout: { block: GIT_TIMEOUT_MS },
    unsafe: {
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafePager: true,
      allowUnsafeSshCommand: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeAskPass: true,
      allowUnsafeFilter: true,
    },
  };
  const first = simpleGit({ ...options, config: hardened });
  const raw: Raw = (...args) => first.raw('--no-optional-locks', ...args);
  const [keys] = await Promise.all([ownKeys(raw), assertSameRepository(raw, root)]);
  const neutral = keys.flatMap(neutralSettings);
  return neutral.length === 0 ? first : simpleGit({ ...options, config: [...hardened, ...neutral] });
}

/** A nested `.git` or core.worktree must not lead git to another tree than the one we check and write in. */
async function assertSameRepository(raw: Raw, root: string): Promise<void> {
  const top = (await raw('rev-parse', '--show-toplevel')).replace(/\r?\n$/, '');
  if (top === root || top === root.replaceAll('\\', '/')) return;
  throw new SpecError(
    'GIT_UNAVAILABLE',
    'git takes another folder for the top of this repository (a nested .git, or core.worktree in its configuration). Start the server with --workspace set to the real top level.',
  );
}

async function head(raw: Raw): Promise<GitHead> {
  try {
    const told = await raw('rev-parse', 'HEAD^{commit}', 'HEAD^{tree}', '--symbolic-full-name', 'HEAD');
    const [commit = null, tree = null, name = ''] = told.split('\n');
    const branch = /^refs\/heads\/(.+)$/.exec(name)?.[1];
    // Without one HEAD is detached, or a tag of that name makes it ambiguous.
    return { commit, tree, branch: branch ?? (await currentBranch(raw)) };
  } catch (error) {
    if (!isUnborn(error)) throw error;
    return { commit: null, tree: null, branch: await currentBranch(raw) };
  }
}

async function currentBranch(raw: Raw): Promise<string | null> {
  return (await raw('branch', '--show-current')).trim() || null;
}

/** A repository without commits: HEAD names a branch that does not exist yet. */
function isUnborn(error: unknown): boolean {
  return (
    error instanceof SpecError && error.cause instanceof Error && /unknown revision/.test(error.cause.message)
  );
}

/**
 * git would look into submodules under their own configuration, filters included, so each of them is asked on its own; like git,
 * one that has changes is one change.
 */
async function changes(raw: Raw, root: string, gitFolder: string): Promise<GitChange[]> {
  const status = raw(
    'status',
    '--porcelain=v1',
    '-z',
    '--branch',
    '--untracked-files=all',
    '--no-renames',
    '--ignore-submodules=dirty',
  );
  const [listed, entries] = await Promise.all([status, index(raw)]);
  const found = parseChanges(listed);
  const known = new Set(found.map(({ path }) => path));
  for (const path of hiddenChanges(root, entries, isSparse(gitFolder)))
    if (!known.has(path)) found.push({ code: ' M', path });
  for (const path of submodules(root, entries))
    if (!known.has(path) && (await isChanged(nodePath.join(root, path)))) found.push({ code: ' M', path });
  return found;
}

async function index(raw: Raw): Promise<readonly IndexEntry[]> {
  return (await raw('ls-files', '--stage', '-v', '-z')).split('\0').flatMap(parseEntry);
}

/** Patterns of a sparse checkout lie in the folder of git; without them nothing is left out on purpose. */
function isSparse(gitFolder: string): boolean {
  return existsSync(nodePath.join(gitFolder, 'info/sparse-checkout'));
}

/** Paths of tracked submodules that have files. */
function submodules(root: string, entries: readonly IndexEntry[]): string[] {
  return entries.flatMap(({ mode, path }) => {
    const full = nodePath.join(root, path);
    if (mode !== '160000' || realInside(root, path) !== full || !existsSync(full)) return [];
    return readdirSync(full).length > 0 ? [path] : [];
  });
}

/** Without its `.git` nobody can tell what the files of a submodule are. */
async function isChanged(folder: string): Promise<boolean> {
  if (!existsSync(nodePath.join(folder, '.git'))) return true;
  return (await createGit(folder).changes()).length > 0;
}

/**
 * Each entry is `XY path`; --no-renames keeps it at one path an entry. The header `## branch` is there because simple-git
 * waits 50 ms for more when a command prints nothing, as a clean tree would.
 */
function parseChanges(output: string): GitChange[] {
  return output
    .split('\0')
    .filter(entry => entry.length > 3 && !entry.startsWith('## '))
    .map(entry => ({ code: entry.slice(0, 2), path: entry.slice(3) }));
}

function withFolders(paths: readonly string[]): ReadonlySet<string> {
  const known = new Set<string>();
  for (const path of paths) {
    if (path === '') continue;
    for (let at = path; at !== '' && !known.has(at); at = at.slice(0, Math.max(0, at.lastIndexOf('/'))))
      known.add(at);
  }
  return known;
}

/** Entries are `key LF value`; the last of a key counts, as it does for git. */
function identityFrom(output: string): string | undefined {
  const values = new Map(
    output.split('\0').map((entry): [string, string] => {
      const [key = '', ...value] = entry.split('\n');
      return [key, value.join(' ').trim().slice(0, MAX_IDENTITY)];
    }),
  );
  const name = values.get('user.name');
  const email = values.get('user.email');
  return name && email ? inert(`${name} <${email}>`) : undefined;
}

function branchNames(output: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const ref of output.split('\n')) {
    const local = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
    const remote = /^refs\/remotes\/([^/]+)\/(.+)$/.exec(ref);
    if (local !== undefined) names.add(local);
    if (remote?.[2] !== undefined) names.add(remote[2]).add(`${remote[1]}/${remote[2]}`);
  }
  return names;
}

/**
 * One line a path, in their order: `::` where no rule matches, else the place and the rule, which `!` may negate.
 * check-ignore knows no --literal-pathspecs; `./` keeps a leading colon from meaning something.
 */
async function ignored(raw: Raw, paths: readonly string[]): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const lines = (
    await raw('check-ignore', '--verbose', '--non-matching', '--', ...paths.map(path => `./${path}`))
  ).split('\n');
  // A path that no rule matches stands after `::`, and may hold `:12:` itself.
  return new Set(paths.filter((_, index) => /^(?!::\t).+?:\d+:(?!!)/.test(lines[index] ?? '')));
}

const OBJECT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** The one merge base of a commit and its own descendant is that commit. A commit that is not here has no history here. */
async function isAncestor(raw: Raw, commit: string, of: string): Promise<boolean> {
  if (!OBJECT.test(commit) || !OBJECT.test(of)) return false;
  if (commit === of) return true;
  const here = (await raw('rev-list', '--no-walk', '--ignore-missing', commit, of)).split('\n');
  if (!here.includes(commit) || !here.includes(of)) return false;
  return (await raw('merge-base', commit, of)).trim() === commit;
}

async function changedBetween(raw: Raw, from: string, to: string): Promise<readonly string[]> {
  if (!OBJECT.test(from) || !OBJECT.test(to))
    throw new SpecError('GIT_UNAVAILABLE', 'git was asked to compare something that is no commit.');
  if (from === to) return [];
  const options = ['-r', '-z', '--name-only', '--no-renames', '--no-ext-diff', '--ignore-submodules=none'];
  return (await raw('diff-tree', ...options, from, to)).split('\0').filter(Boolean);
}
