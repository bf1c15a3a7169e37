import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Repository } from './repository.js';

/** A program that a hostile repository wants to have run, and whether it did. */
export interface Canary {
  hasRun(): boolean;
  reset(): void;
}

const HOOKS = ['post-index-change', 'pre-commit', 'post-checkout', 'reference-transaction', 'query-watchman'];
const ALIASES = ['status', 'rev-parse', 'ls-files', 'config', 'branch', 'diff-tree', 'merge-base', 'st'];

/**
 * Plants a program in every place of a committed repository where git would look for one: its configuration and what that
 * includes, hooks, attributes, a submodule with a configuration of its own, an embedded bare repository, a nested `.git` file.
 */
export function plantPrograms(repo: Repository): Canary {
  const mark = path.join(repo.root, '.git/canary');
  const program = path.join(repo.root, '.git/evil.sh');
  writeProgram(program, `touch '${mark}'\n[ "$1" = git-upload-pack ] || cat`);
  repo.write('.gitattributes', '* filter=evil diff=evil merge=evil\n*.txt filter=work\n');
  repo.write('a.txt', 'one\n');
  plantSubmodule(repo, program);
  plantBareRepository(repo, program);
  repo.commit('hostile');
  plantNestedGitFile(repo);
  plantHooks(repo, mark);
  plantConfig(repo, program);
  // The same size at another time: git has to run the filter to know whether it changed.
  repo.write('a.txt', 'two\n');
  repo.write('inner/b.txt', 'two\n');
  return {
    hasRun: () => existsSync(mark),
    reset: () => rmSync(mark, { force: true }),
  };
}

/** A filter whose name no command line can say. */
export function plantUnspeakableFilter(repo: Repository): Canary {
  const canary = plantPrograms(repo);
  repo.git('config', 'filter.a=b.clean', path.join(repo.root, '.git/evil.sh'));
  repo.write('.gitattributes', '* filter=a=b\n');
  return canary;
}

/** A partial clone that misses a tree, to be fetched by a program. */
export function plantPromise(repo: Repository): Canary {
  const canary = plantPrograms(repo);
  repo.git('config', 'core.repositoryformatversion', '1');
  repo.git('config', 'extensions.partialClone', 'origin');
  repo.git('config', 'remote.origin.promisor', 'true');
  repo.git('config', 'remote.origin.url', `ext::${path.join(repo.root, '.git/evil.sh')} %S`);
  const tree = repo.git('rev-parse', 'HEAD^{tree}').trim();
  rmSync(path.join(repo.root, '.git/objects', tree.slice(0, 2), tree.slice(2)));
  canary.reset();
  return canary;
}

function writeProgram(file: string, script: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

function plantConfig(repo: Repository, program: string): void {
  repo.write('.git/more.config', `[core]\n\tfsmonitor = ${program}\n[filter "more"]\n\tclean = ${program}\n`);
  const keys = [
    'core.fsmonitor',
    'core.sshCommand',
    'core.pager',
    'core.editor',
    'core.askPass',
    'diff.external',
  ];
  const named = [
    'diff.evil.textconv',
    'diff.evil.command',
    'merge.evil.driver',
    'gpg.program',
    'credential.helper',
  ];
  const filters = ['filter.evil.clean', 'filter.evil.smudge', 'filter.evil.process'];
  for (const key of [...keys, ...named, ...filters, 'uploadpack.packObjectsHook', 'remote.origin.uploadpack'])
    repo.git('config', key, program);
  repo.git('config', 'remote.origin.url', `ext::${program}`);
  repo.git('config', 'core.hooksPath', path.join(repo.root, '.git/hooks-of-mine'));
  for (const alias of ALIASES) repo.git('config', `alias.${alias}`, `!${program}`);
  repo.git('config', 'include.path', 'more.config');
  repo.git('config', 'extensions.worktreeConfig', 'true');
  repo.git('config', '--worktree', 'filter.work.clean', program);
  repo.git('config', 'protocol.ext.allow', 'always');
}

function plantHooks(repo: Repository, mark: string): void {
  for (const folder of ['hooks', 'hooks-of-mine'])
    for (const hook of HOOKS) writeProgram(path.join(repo.root, '.git', folder, hook), `touch '${mark}'`);
}

/** Tracked as a submodule, so that `git status` looks into it, under its own configuration. */
function plantSubmodule(repo: Repository, program: string): void {
  const inner = path.join(repo.root, 'inner');
  repo.git('init', '-q', '-b', 'main', inner);
  repo.write('inner/b.txt', 'one\n');
  repo.write('inner/.gitattributes', '* filter=inner diff=inner\n');
  repo.git('-C', inner, 'add', '-A');
  repo.git('-C', inner, '-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '-q', '-m', 'inner');
  for (const key of ['core.fsmonitor', 'filter.inner.clean', 'filter.inner.process', 'diff.external'])
    repo.git('-C', inner, 'config', key, program);
}

function plantBareRepository(repo: Repository, program: string): void {
  repo.write('docs/SPEC-KIT-DEMO/HEAD', 'ref: refs/heads/main\n');
  repo.write('docs/SPEC-KIT-DEMO/objects/keep', '');
  repo.write('docs/SPEC-KIT-DEMO/refs/keep', '');
  repo.write(
    'docs/SPEC-KIT-DEMO/config',
    `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = ..\n\tfsmonitor = ${program}\n`,
  );
}

/** Git itself never tracks one. */
function plantNestedGitFile(repo: Repository): void {
  repo.write('nested/.git', `gitdir: ${path.join(repo.root, 'inner/.git')}\n`);
  repo.write('nested/b.txt', 'two\n');
}
