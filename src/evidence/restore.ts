import type { LedgerRecord } from '../../schemas/evidence.js';
import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { filesOf } from './archive.js';
import { archivedBundle, archiveFolder, archiveName, MAX_ARCHIVE_BYTES, unpackBundle } from './archived.js';
import { sha256Of } from './digest.js';
import { findBundle } from './find-bundle.js';
import { bundleFolder, nameOf } from './layout.js';
import type { Recorded } from './records.js';
import { discard, openDrafts } from './staging.js';
import type { Packed } from './tar.js';
import { inPlace } from './target.js';

export interface RestoreReport {
  readonly specId: string;
  readonly restored: readonly string[];
  readonly applied: boolean;
}

/**
 * Puts archived bundles back byte for byte, all of a spec or one. Throws NOT_FOUND (nothing like that is archived), REFUSED
 * (the archive does not hold what the ledger recorded, or another file lies in the place), FILE_UNAVAILABLE.
 */
export function restoreBundles(
  workspace: Workspace,
  root: string,
  specId: string,
  bundle: string | undefined,
  apply: boolean,
): RestoreReport {
  const folder = `${root}/${archiveFolder(specId)}`;
  const there = workspace.files.list(folder).flatMap(({ name }) => archivedBundle(name) ?? []);
  const wanted = bundle === undefined ? there : there.filter(each => each === bundle);
  if (wanted.length === 0)
    throw new SpecError(
      'NOT_FOUND',
      `${specId} has ${bundle === undefined ? 'nothing' : `no bundle ${bundle}`} in its archive. \`spec-kit-mcp stats ${specId}\` shows what there is.`,
    );
  for (const each of wanted) {
    const { record, packed } = archived(workspace, root, specId, each);
    if (apply) putBack(workspace, root, record.record, packed);
  }
  return { specId, restored: wanted, applied: apply };
}

function archived(workspace: Workspace, root: string, specId: string, bundle: string) {
  const path = `${root}/${archiveFolder(specId)}/${archiveName(bundle)}`;
  const record: Recorded | undefined = findBundle(workspace, root, specId, bundle);
  const bytes = workspace.files.read(path, MAX_ARCHIVE_BYTES)?.bytes ?? Buffer.alloc(0);
  const packed = unpackBundle(workspace.compress, bytes);
  const expected = record?.manifest === undefined ? [] : filesOf(record.manifest, record.record);
  const matches =
    packed?.length === expected.length &&
    packed.every(({ name, bytes: file }, index) => {
      const wanted = expected[index];
      return wanted?.name === name && wanted.sha256 === sha256Of(file);
    });
  if (record !== undefined && packed !== undefined && matches && packed.length > 0) return { record, packed };
  throw new SpecError(
    'REFUSED',
    `${path} does not hold the bundle that the ledger recorded, so it was left alone. verify_evidence names what is wrong; git has the archive as it was committed.`,
  );
}

/** The archive goes last: a crash in between leaves both, and restoring again goes on. */
function putBack(workspace: Workspace, root: string, record: LedgerRecord, packed: readonly Packed[]): void {
  const { files } = workspace;
  const { specId, bundle } = record;
  const kind = record.manifest.path.startsWith(`${bundleFolder('consensus', specId)}/`)
    ? 'consensus'
    : 'caller';
  inPlace(files, root, kind, specId, ({ bundles }) => {
    const drafts = openDrafts(workspace, root, `${bundle}-${workspace.randomHex(4)}`);
    try {
      for (const { name, bytes } of packed) {
        if (drafts.link(drafts.create(bytes), bundles, nameOf(name))) continue;
        const there = bundles.read(nameOf(name), bytes.length);
        if (typeof there === 'string' || !there.equals(bytes))
          throw new SpecError(
            'REFUSED',
            `${root}/${name} is there already and is another file. Move it away, then restore.`,
          );
      }
    } finally {
      drafts.discard();
    }
    bundles.sync();
  });
  discard(files, `${root}/${archiveFolder(specId)}/${archiveName(bundle)}`);
  files.syncDirectory(`${root}/${archiveFolder(specId)}`);
}
