import type { Manifest } from '../../schemas/evidence.js';
import type { FolderRead } from '../workspace/files.js';
import type { Workspace } from '../workspace/workspace.js';
import { archiveFolder, archiveReader, MAX_ARCHIVE_BYTES } from './archived.js';
import { bundleFolders, folderOf, nameOf } from './layout.js';

const MAX_NAMED_BYTES = 16 * 1024 * 1024;

/**
 * Reads a file of a bundle by its path relative to the evidence root, from its folder or else from the archive; what lies
 * in neither is missing.
 */
export type BundleRead = FolderRead;

/** Opens the folders of a spec's bundles once for many reads. `read` is valid during the call only. */
export function inBundleFolders<T>(
  { files, compress }: Workspace,
  root: string,
  specId: string,
  use: (read: BundleRead) => T,
): T {
  const opened = new Map<string, FolderRead>();
  const open = ([folder, ...others]: readonly string[]): T => {
    if (folder === undefined) {
      return files.inFolder(`${root}/${archiveFolder(specId)}`, archives =>
        use(
          readFrom(
            opened,
            archiveReader(compress, name => archives(name, MAX_ARCHIVE_BYTES)),
          ),
        ),
      );
    }
    return files.inFolder(`${root}/${folder}`, read => {
      opened.set(folder, read);
      return open(others);
    });
  };
  return open(bundleFolders(specId));
}

/** The files that a manifest names, by name, up to 16 MiB each; what is not there, or larger, is not among them. */
export function namedFiles(
  workspace: Workspace,
  root: string,
  specId: string,
  manifest: Manifest | undefined,
): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  inBundleFolders(workspace, root, specId, read => {
    for (const { name, annotations } of manifest?.subject ?? []) {
      const bytes = read(name, Math.min(annotations.size, MAX_NAMED_BYTES));
      if (typeof bytes !== 'string') files.set(nameOf(name), bytes);
    }
  });
  return files;
}

function readFrom(
  folders: ReadonlyMap<string, FolderRead>,
  fromArchive: (path: string) => Uint8Array | undefined,
): BundleRead {
  return (path, maxBytes) => {
    const read = folders.get(folderOf(path));
    const found = read === undefined ? 'missing' : read(nameOf(path), maxBytes);
    if (read === undefined || found !== 'missing') return found;
    const packed = fromArchive(path);
    if (packed === undefined) return 'missing';
    return packed.length > maxBytes ? 'too_large' : Buffer.from(packed);
  };
}
