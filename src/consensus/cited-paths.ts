import { visibleLines } from '../packet/outline.js';

/** A path that a document names. */
export interface CitedPath {
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

const MAX_CITED = 2000;
const LONGEST_LINE = 20_000;
/** One word of path characters with a slash; what stands before it must not be part of a longer word or a URL. */
const WORD = /(?<![\w./:@~<>{}$*-])[A-Za-z0-9_.][\w.-]*(?:\/[\w.-]+)+\/?/g;
/** `tasks.md/spec.md` names two documents. */
const ALTERNATIVES = /\.(?:md|json|txt|toml|ya?ml)\//;
const EXTENSION = /\.[A-Za-z][A-Za-z0-9]{0,7}$/;

/**
 * Words of a document that can only be paths of the repository: they have a slash and end in a file extension, or start with
 * a folder that exists. A word that goes on as a pattern (`*`, `{a,b}`, `<name>`) names no one file. Linear time.
 */
export function citedPaths(text: string, isTop: (name: string) => boolean): readonly CitedPath[] {
  const found = new Map<string, CitedPath>();
  for (const { number: line, text: content } of visibleLines(text)) {
    for (const path of pathsIn(startOf(content), isTop))
      if (!found.has(path) && found.size < MAX_CITED) found.set(path, { path, line });
  }
  return [...found.values()];
}

/** Of a very long line, as many whole words as are looked at: half a path names another file. */
function startOf(line: string): string {
  return line.length <= LONGEST_LINE ? line : line.slice(0, Math.max(0, line.lastIndexOf(' ', LONGEST_LINE)));
}

function pathsIn(line: string, isTop: (name: string) => boolean): readonly string[] {
  return [...line.matchAll(WORD)]
    .filter(({ 0: word, index }) => !/[*{<$:]/.test(line.charAt(index + word.length)))
    .map(([word]) => word.replace(/[./]+$/, ''))
    .filter(
      path =>
        path.includes('/') &&
        !ALTERNATIVES.test(path) &&
        (EXTENSION.test(path) || isTop(path.slice(0, path.indexOf('/')))),
    );
}
