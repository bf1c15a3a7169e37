import { canonicalJson } from '../evidence/canonical.js';
import { sha256Of } from '../evidence/digest.js';
import type { JsonObject } from './extract.js';
import { at, records, text, texts } from './read-output.js';

/** Beyond these an answer is not checked further: they are more than anyone reads. */
const MAX_CITATIONS = 1_000;
const MAX_GLOBS = 50;
const MAX_WILDCARDS = 4;
const MAX_ALTERNATIVES = 16;
const MAX_PATH = 400;

const FOREIGN = /^(?:[a-z][a-z0-9+.-]*:\/\/|[a-z][a-z0-9_-]*:(?!\d+(?:[-:]\d+)*$)|#)/i;
const PLACE_IN_FILE = /(?::\d+(?:[-:]\d+)*|#[^/]*)$/;

export interface Repository {
  /** How many paths there are. */
  readonly paths: number;
  readonly sha256: string;
  /** The cited paths that exist, as `citationsIn` gives them, ascending. */
  readonly cited: string[];
}

/**
 * Checks every citation in the outputs of a run against the paths of the repository: tracked files and folders, and evidence
 * files that lie there. The result is stored with the run, so that its verdict can be computed again without the repository.
 */
export function repositoryOf(paths: ReadonlySet<string>, outputs: readonly JsonObject[]): Repository {
  const sorted = [...paths].sort();
  const names = new Set(sorted.map(path => path.slice(path.lastIndexOf('/') + 1)));
  const citations = new Set(outputs.flatMap(output => [...citationsIn(output), ...citedByChoice(output)]));
  let globs = 0;
  const exists = (citation: string) => {
    if (/[*?{]/.test(citation)) return globs++ < MAX_GLOBS && someMatch(citation, sorted);
    return paths.has(citation) || (!citation.includes('/') && names.has(citation));
  };
  return {
    paths: sorted.length,
    sha256: sha256Of(Buffer.from(canonicalJson(sorted))),
    cited: [...citations].sort().filter(exists),
  };
}

/** The path that a citation names; undefined when it names none: a URL, a memory id, a remark. */
export function citedPath(citation: string): string | undefined {
  const [word = ''] = citation
    .trim()
    .replace(/^[`"'(]+/, '')
    .split(/\s/, 1);
  if (FOREIGN.test(word)) return undefined;
  const path = word
    .replace(/[`"'),;]+$/, '')
    .replace(PLACE_IN_FILE, '')
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '')
    .slice(0, MAX_PATH);
  return /[/.]/.test(path) && /[A-Za-z0-9]/.test(path) ? path : undefined;
}

/** The paths that an output cites as things that exist, each once. What it plans to make is no citation. */
export function citationsIn(output: JsonObject): readonly string[] {
  const planned = new Set(plannedIn(output).flatMap(path => citedPath(path) ?? []));
  const found = new Set<string>();
  for (const citation of citedTexts(output)) {
    const path = citedPath(citation);
    if (path !== undefined && !planned.has(path)) found.add(path);
    if (found.size >= MAX_CITATIONS) break;
  }
  return [...found];
}

/** The paths that the arbiter cites for its choices: a choice stands on one that exists. */
export function citedByChoice(output: JsonObject): readonly string[] {
  const lists = [at(output, 'resolutions'), at(output, 'final_plan', 'resolutions')];
  return lists
    .flatMap(list => records(list, 'reason'))
    .flatMap(record => texts(record, 'cites'))
    .flatMap(citation => citedPath(citation) ?? [])
    .slice(0, MAX_CITATIONS);
}

function citedTexts(output: JsonObject): readonly string[] {
  const inLists = ['positions', 'research_summary', 'surfaces', 'code_paths', 'evidence'].flatMap(name =>
    records(at(output, name), 'note').flatMap(record => [
      ...texts(record, 'cites'),
      ...texts(record, 'files'),
      text(record, 'path'),
    ]),
  );
  const artifacts = mappingsIn(output).map(mapping => text(mapping, 'artifact'));
  return [...inLists, ...artifacts].filter(cited => cited !== '');
}

function plannedIn(output: JsonObject): readonly string[] {
  const planned = mappingsIn(output).filter(mapping => mapping['artifact_exists'] !== true);
  return [
    ...planned.map(mapping => text(mapping, 'artifact')),
    ...records(at(output, 'tasks'), 'title').map(task => text(task, 'artifact')),
    ...records(at(output, 'operations'), 'description').map(operation => text(operation, 'file')),
    ...records(at(output, 'diff_proposals'), 'change').map(proposal => text(proposal, 'path')),
  ];
}

function mappingsIn(output: JsonObject): readonly JsonObject[] {
  const lists = [at(output, 'acceptance_mapping'), at(output, 'final_plan', 'acceptance_mapping')];
  return lists.flatMap(list => records(list, 'requirement'));
}

/** `docs/*.md`, `docs/{spec,plan}.md`. One with more wildcards than people write matches nothing. */
function someMatch(glob: string, paths: readonly string[]): boolean {
  const alternatives = alternativesOf(glob);
  if (alternatives.length === 0) return false;
  return alternatives.every(one => {
    if ((one.match(/\*+|\?/g) ?? []).length > MAX_WILDCARDS) return false;
    const pattern = new RegExp(
      `^${one
        .replace(/[.+^$()|[\]\\{}]/g, '\\$&')
        .replace(/\*+/g, '[^/]*')
        .replace(/\?/g, '[^/]')}$`,
    );
    const byName = !one.includes('/');
    return paths.some(path => pattern.test(byName ? path.slice(path.lastIndexOf('/') + 1) : path));
  });
}

/** Braces written out, one level of them; none when there are too many. */
function alternativesOf(glob: string): readonly string[] {
  let all = [''];
  for (const [part] of glob.matchAll(/\{[^{}]*\}|[^{]+|\{/g)) {
    const choices = part.startsWith('{') && part.endsWith('}') ? part.slice(1, -1).split(',') : [part];
    all = all.flatMap(start => choices.map(choice => start + choice));
    if (all.length > MAX_ALTERNATIVES) return [];
  }
  return all;
}
