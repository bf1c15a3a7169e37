import { SpecError } from '../errors.js';
import type { Files } from '../workspace/files.js';
import type { FoundFile } from './evidence-file.js';
import { type OriginFile, originFile } from './names.js';

const MAX_FILE_BYTES = 4 * 1024 * 1024;
/** Files of ours carry a session like this in their names, and are verified by the ledger. */
export const OUR_SESSION = /\d{8}T\d{6}Z-[0-9a-f]{8}/;

/** One folder with evidence of a spec that no ledger knows. Files are read when they are judged, and not kept. */
export interface Folder {
  readonly specId: string;
  /** Relative to the workspace. */
  readonly path: string;
  /** Names of the files that are not ours, ascending. */
  readonly names: readonly string[];
  is(name: string): OriginFile;
  /** Never throws: what cannot be read says why. */
  read(name: string): FoundFile;
}

export function openFolder(files: Files, path: string, specId: string): Folder {
  const names = files
    .list(path)
    .filter(({ name, kind }) => kind !== 'directory' && !OUR_SESSION.test(name))
    .map(({ name }) => name);
  const kinds = new Map(names.map(name => [name, originFile(name)] as const));
  const is = (name: string) => kinds.get(name) ?? originFile(name);
  return {
    specId,
    path,
    names,
    is,
    read(name) {
      const found = readText(files, path, name);
      return { name, path: `${path}/${name}`, is: is(name), ...found };
    },
  };
}

function readText(files: Files, path: string, name: string): Pick<FoundFile, 'text' | 'why'> {
  try {
    const read = files.inFolder(path, reading => reading(name, MAX_FILE_BYTES));
    if (typeof read !== 'string') return { text: read.toString(), why: '' };
    const why = { missing: 'missing', not_a_file: 'no regular file', too_large: 'larger than 4 MiB' }[read];
    return { text: undefined, why };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return { text: undefined, why: 'not readable' };
  }
}
