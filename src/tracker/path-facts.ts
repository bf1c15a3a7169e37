import nodePath from 'node:path';
import type { Files } from '../workspace/files.js';
import { candidates, type PathItem, pathItems } from './path-items.js';

const LONGEST_NAME = 255;

/** What is wrong with one path of a cell. */
export interface PathProblem {
  readonly what: 'missing' | 'outside' | 'untracked';
  readonly item: PathItem;
  /** The only tracked file of that name elsewhere; '' when there is none, or several. */
  readonly elsewhere: string;
}

/** What the paths of a cell come to. */
export interface PathFacts {
  readonly problems: readonly PathProblem[];
  /** How many of its paths exist in the workspace. */
  readonly existing: number;
  readonly prose: number;
  readonly urls: number;
}

export interface PathAsker {
  facts(raw: string): PathFacts;
}

/**
 * Answers for cells, once for each distinct cell, asking the disk once for each distinct path. Without `tracked`, what git
 * tracks is not asked.
 */
export function createPathAsker(files: Files, tracked: ReadonlySet<string> | undefined): PathAsker {
  const kindOf = once(path => files.info(path).kind);
  const elsewhere = fileFinder(tracked);
  const judge = (item: PathItem): PathProblem | undefined => {
    const places = candidates(item.path).map(path => ({ path: normalPath(path), kind: kindOf(path) }));
    const found = places.find(({ kind }) => kind === 'file' || kind === 'directory');
    if (found !== undefined) {
      const known = tracked === undefined || found.path === '' || tracked.has(found.path);
      return known ? undefined : { what: 'untracked', item, elsewhere: '' };
    }
    if (places.some(({ kind }) => kind === 'outside') || item.path.startsWith('~/'))
      return { what: 'outside', item, elsewhere: '' };
    return { what: 'missing', item, elsewhere: elsewhere(item.path) };
  };
  /** `LICENSE` and `test plan.md` are paths when there is such a file. */
  const asFound = (item: PathItem): PathItem => {
    if (item.kind !== 'prose' || item.path.length > LONGEST_NAME || normalPath(item.path) === '') return item;
    const kind = kindOf(item.path);
    return kind === 'file' || kind === 'directory' ? { ...item, kind: 'path' } : item;
  };
  return { facts: once(raw => factsOf(pathItems(raw).map(asFound), judge)) };
}

function once<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return text => {
    const old = known.get(text);
    if (old !== undefined) return old;
    const fresh = answer(text);
    known.set(text, fresh);
    return fresh;
  };
}

function factsOf(items: readonly PathItem[], judge: (item: PathItem) => PathProblem | undefined): PathFacts {
  const paths = items.filter(({ kind }) => kind === 'path');
  const problems = paths.flatMap(item => judge(item) ?? []);
  const gone = problems.filter(({ what }) => what !== 'untracked');
  return {
    problems,
    existing: paths.length - gone.length,
    prose: items.filter(({ kind }) => kind === 'prose').length,
    urls: items.filter(({ kind }) => kind === 'url').length,
  };
}

/** As git names it: no `./`, no slash at the end; '' for the workspace itself. */
export function normalPath(path: string): string {
  const normal = nodePath.posix.normalize(path);
  const start = normal.startsWith('./') ? 2 : 0;
  const end = normal.endsWith('/') ? normal.length - 1 : normal.length;
  return normal === '.' || normal === './' ? '' : normal.slice(start, end);
}

/** Finds where a file went that is not where a path says. */
function fileFinder(tracked: ReadonlySet<string> | undefined): (path: string) => string {
  let byName: Map<string, string> | undefined;
  return path => {
    byName ??= namesOf(tracked ?? new Set());
    return byName.get(path.slice(path.lastIndexOf('/') + 1)) ?? '';
  };
}

/** Paths by file name; '' for a name that several have. */
function namesOf(tracked: ReadonlySet<string>): Map<string, string> {
  const byName = new Map<string, string>();
  for (const path of tracked) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    byName.set(name, byName.has(name) ? '' : path);
  }
  return byName;
}
