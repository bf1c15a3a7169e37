import { SpecError } from '../errors.js';
import type { Compress } from '../workspace/compress.js';
import { nameOf } from './layout.js';
import { type Packed, unpackTar } from './tar.js';

/** Of one archived bundle: what the file may hold, and what it may be on disk. */
export const MAX_ARCHIVE_BYTES = 64 * 1024 * 1024;

const SESSION = /\d{8}T\d{6}Z-[0-9a-f]{8}/;

export function archiveFolder(specId: string): string {
  return `archive/${specId}`;
}

/** Not `.tar.gz`, which many repositories ignore. */
export function archiveName(bundle: string): string {
  return `${bundle}.evidence`;
}

/** The session of an archive by its name; undefined for another file. */
export function archivedBundle(name: string): string | undefined {
  return /^(\d{8}T\d{6}Z-[0-9a-f]{8})\.evidence$/.exec(name)?.[1];
}

/** The files of an archived bundle; undefined when the bytes are no sound archive. */
export function unpackBundle(compress: Compress, bytes: Uint8Array): readonly Packed[] | undefined {
  const tar = compress.unpack(bytes, MAX_ARCHIVE_BYTES);
  try {
    return tar === undefined ? undefined : unpackTar(tar);
  } catch (error) {
    if (error instanceof SpecError) return undefined;
    throw error;
  }
}

/** Finds a file of a bundle in the archive of the bundle; `read` gives the bytes of an archive. The last archive is kept. */
export function archiveReader(
  compress: Compress,
  read: (name: string) => Buffer | string,
): (path: string) => Uint8Array | undefined {
  let last: { readonly bundle: string; readonly files: ReadonlyMap<string, Uint8Array> } | undefined;
  return path => {
    const bundle = SESSION.exec(nameOf(path))?.[0];
    if (bundle === undefined) return undefined;
    if (last?.bundle !== bundle) {
      const bytes = read(archiveName(bundle));
      const files = typeof bytes === 'string' ? [] : (unpackBundle(compress, bytes) ?? []);
      last = { bundle, files: new Map(files.map(file => [file.name, file.bytes])) };
    }
    return last.files.get(path);
  };
}
