import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { archiveFolder } from './archived.js';
import { bundleFolders, ledgerFolder } from './layout.js';
import { newestSeq } from './ledger.js';
import { type Packed, packTar } from './tar.js';

/** The evidence root inside an exported bundle. */
export const EXPORT_ROOT = 'evidence';

const SESSION = /\d{8}T\d{6}Z-[0-9a-f]{8}/;

/** An export is made and read in memory. */
export const MAX_EXPORT_BYTES = 512 * 1024 * 1024;

export interface Exported {
  readonly tar: Buffer;
  readonly files: number;
  /** Files that carry no session of ours, such as those of the origin; they are not in it. */
  readonly left: readonly string[];
}

/**
 * All that is needed to verify the evidence of some specs elsewhere, byte for byte as it lies here, sound or not. Throws
 * NOT_FOUND for a spec without evidence, LIMIT_EXCEEDED, FILE_UNAVAILABLE.
 */
export function exportBundle(workspace: Workspace, root: string, specIds: readonly string[]): Exported {
  const { files } = workspace;
  const without = specIds.find(specId => newestSeq(files, root, specId) === 0);
  if (without !== undefined || specIds.length === 0)
    throw new SpecError('NOT_FOUND', `${without ?? 'This workspace'} has no recorded evidence to export.`);
  const folders = specIds.flatMap(specId => [
    ledgerFolder(specId),
    ...bundleFolders(specId),
    archiveFolder(specId),
  ]);
  const names = folders.flatMap(folder =>
    files
      .list(`${root}/${folder}`)
      .filter(({ kind }) => kind === 'file')
      .map(({ name }) => `${folder}/${name}`),
  );
  const ours = ['.gitattributes', ...names.filter(isOurs)];
  let room = MAX_EXPORT_BYTES;
  const packed = ours.flatMap((name): Packed[] => {
    const path = `${root}/${name}`;
    const { kind, size } = files.info(path);
    room -= size;
    if (room < 0)
      throw new SpecError(
        'LIMIT_EXCEEDED',
        `The evidence has more than ${MAX_EXPORT_BYTES} bytes. Export one spec at a time, or archive old bundles first.`,
      );
    const bytes = kind === 'file' ? files.read(path, size)?.bytes : undefined;
    return bytes === undefined ? [] : [{ name: `${EXPORT_ROOT}/${name}`, bytes }];
  });
  return { tar: packTar(packed), files: packed.length, left: names.filter(name => !isOurs(name)) };
}

/** Records, and what carries a session of ours. Other files refer to what is not in the bundle, and could not be judged there. */
function isOurs(name: string): boolean {
  return /^[A-Za-z0-9._/-]+$/.test(name) && (name.startsWith('ledger/') || SESSION.test(name));
}
