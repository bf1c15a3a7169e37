import type { Predicate } from '../../schemas/evidence.js';
import type { Files } from '../workspace/files.js';
import type { OpenFolder } from '../workspace/folder.js';
import { bundleFolder, ledgerFolder } from './layout.js';

/** Where a bundle is put and recorded. */
export interface Target {
  readonly files: Files;
  /** Of the bundle's files. */
  readonly bundles: OpenFolder;
  readonly ledger: OpenFolder;
}

/** With the folders of a bundle and of its ledger open; they are made, and made durable, when they are missing. */
export function inPlace<T>(
  files: Files,
  root: string,
  kind: Predicate['kind'],
  specId: string,
  use: (target: Target) => T,
): T {
  const bundles = openDurable(files, `${root}/${bundleFolder(kind, specId)}`);
  try {
    const ledger = openDurable(files, `${root}/${ledgerFolder(specId)}`);
    try {
      return use({ files, bundles, ledger });
    } finally {
      ledger.close();
    }
  } finally {
    bundles.close();
  }
}

function openDurable(files: Files, folder: string): OpenFolder {
  if (files.info(folder).kind === 'missing') makeDurable(files, folder);
  return files.openFolder(folder);
}

/** A folder and the ones above it, on disk: a new file is only as durable as the way to it. */
function makeDurable(files: Files, folder: string): void {
  files.makeDirectory(folder);
  for (let at = folder; at !== ''; ) {
    at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
    files.syncDirectory(at === '' ? '.' : at);
  }
}
