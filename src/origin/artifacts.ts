import nodePath from 'node:path';
import type { Files } from '../workspace/files.js';
import { type Fields, listAt, quoted, textAt } from './fields.js';
import type { Blame } from './reasons.js';

const MOST_ARTIFACTS = 200;

/** Where a bundle lies, for the paths that its files name. */
export interface Ground {
  readonly files: Files;
  /** The evidence root, relative to the workspace. */
  readonly root: string;
  /** The bundle's folder, relative to the workspace. */
  readonly folder: string;
}

/** Entries are a string or `{path}`. */
export function artifactPaths(value: Fields): readonly string[] {
  return listAt(value, 'artifacts')
    .slice(0, MOST_ARTIFACTS)
    .flatMap(entry => (typeof entry === 'string' ? entry : (textAt(entry, 'path') ?? [])));
}

/** Judges each path that a file lists. */
export function judgeArtifacts(name: string, paths: readonly string[], ground: Ground, blame: Blame): void {
  const absolute = paths.filter(isAbsolute);
  if (absolute.length > 0)
    blame(
      'artifact-absolute',
      name,
      `${absolute.length} of ${paths.length} artifacts are paths of the machine that wrote them.`,
    );
  const places = paths.map(raw => ({ raw, ...whatLiesAt(raw, ground) }));
  for (const { raw, what } of places) {
    if (what === 'outside')
      blame('artifact-outside', name, `The artifact ${quoted(raw)} lies outside the workspace.`);
    if (what === 'empty') blame('artifact-empty', name, `The artifact ${quoted(raw)} is empty.`);
  }
  const missing = places.filter(({ what }) => what === 'missing');
  if (missing.length > 0)
    blame(
      'artifact-missing',
      name,
      `${missing.length} of ${paths.length} artifacts are not there, first ${quoted(nodePath.posix.basename(missing[0]?.raw.replaceAll('\\', '/') ?? ''))}.`,
    );
}

function whatLiesAt(
  raw: string,
  ground: Ground,
): { readonly what: 'there' | 'missing' | 'outside' | 'empty' } {
  const path = placeOf(raw, ground);
  if (path === undefined) return { what: 'outside' };
  const { kind, size } = ground.files.info(path);
  if (kind === 'outside') return { what: 'outside' };
  if (kind === 'file') return { what: size === 0 ? 'empty' : 'there' };
  return { what: kind === 'directory' ? 'there' : 'missing' };
}

function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:|~)/.test(path);
}

/** An absolute path of another machine is looked for below our own evidence root, then beside the file that names it. */
function placeOf(raw: string, { root, folder }: Ground): string | undefined {
  const path = raw.replaceAll('\\', '/');
  if (!isAbsolute(raw)) {
    const normal = nodePath.posix.normalize(path);
    return normal.startsWith('..') ? undefined : normal;
  }
  const start = path.indexOf(`/${root}/`);
  const inside =
    start === -1
      ? `${folder}/${nodePath.posix.basename(path)}`
      : nodePath.posix.normalize(path.slice(start + 1));
  return inside.startsWith(`${root}/`) ? inside : undefined;
}
