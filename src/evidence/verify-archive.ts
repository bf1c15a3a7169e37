import type { Compress } from '../workspace/compress.js';
import type { FolderRead } from '../workspace/files.js';
import type { Workspace } from '../workspace/workspace.js';
import { archivedBundle, archiveFolder, MAX_ARCHIVE_BYTES, unpackBundle } from './archived.js';
import { type FindingCode, finding } from './findings.js';
import type { Inspection } from './inspection.js';

/**
 * Archives that are damaged, or hold what no record accounts for. The files that they hold were verified with their records.
 * `accounted`: paths relative to the evidence root.
 */
export function verifyArchive(
  { files, compress }: Workspace,
  { root, specId, report }: Inspection,
  accounted: ReadonlySet<string>,
): void {
  const folder = `${root}/${archiveFolder(specId)}`;
  const entries = files.list(folder);
  if (entries.length === 0) return;
  files.inFolder(folder, read => {
    for (const { name } of entries) {
      const bundle = archivedBundle(name);
      const place = { specId, file: `${folder}/${name}`, ...(bundle === undefined ? {} : { bundle }) };
      if (bundle === undefined)
        report(finding('extra-file', place, 'Only archived bundles belong in the archive.'));
      else
        wrongIn(compress, read(name, MAX_ARCHIVE_BYTES), bundle, accounted, (code, message) =>
          report(finding(code, place, message)),
        );
    }
  });
}

function wrongIn(
  compress: Compress,
  bytes: ReturnType<FolderRead>,
  bundle: string,
  accounted: ReadonlySet<string>,
  wrong: (code: FindingCode, message: string) => void,
): void {
  const packed = typeof bytes === 'string' ? undefined : unpackBundle(compress, bytes);
  if (packed === undefined) wrong('archive-unreadable', 'The archive is damaged, or it is none.');
  else if (packed.some(file => !accounted.has(file.name) || !file.name.includes(bundle)))
    wrong('extra-file', 'The archive holds files that no record accounts for.');
}
