import type { FolderRead, Workspace } from '../workspace.js';
import { bundleFolders, folderOf, nameOf } from './layout.js';

/** Reads a file of a bundle by its path relative to the evidence root; what lies in no folder of the spec is missing. */
export type BundleRead = FolderRead;

/** Opens the folders of a spec's bundles once for many reads. `read` is valid during the call only. */
export function inBundleFolders<T>(
  { files }: Workspace,
  root: string,
  specId: string,
  use: (read: BundleRead) => T,
): T {
  const opened = new Map<string, FolderRead>();
  const open = ([folder, ...others]: readonly string[]): T => {
    if (folder === undefined)
      return use((path, maxBytes) => opened.get(folderOf(path))?.(nameOf(path), maxBytes) ?? 'missing');
    return files.inFolder(`${root}/${folder}`, read => {
      opened.set(folder, read);
      return open(others);
    });
  };
  return open(bundleFolders(specId));
}
