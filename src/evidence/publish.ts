import { CHUNK_BYTES } from '../../schemas/evidence.js';
import { SpecError } from '../errors.js';
import type { Files } from '../workspace/files.js';
import type { OpenFolder } from '../workspace/folder.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Bundle, BundleFile, Published } from './bundle.js';
import { type Digest, digestOf, digestParts } from './digest.js';
import { bundlePath, bundleUri, manifestName } from './layout.js';
import { type Appended, appendRecord, isSameFile } from './ledger.js';
import { manifestBytes } from './manifest.js';
import { redactedFile, redactedText, redactorOf } from './redaction.js';
import { type Drafts, discard, openDrafts } from './staging.js';
import { inPlace, type Target } from './target.js';

/** A staged file, its digest, and the name it is to have in the folder of its bundle. */
interface Staged {
  readonly name: string;
  readonly from: string;
  /** Made by this publication; else it was there before. */
  readonly isDraft: boolean;
  readonly digest: Digest;
}

/**
 * Puts a bundle in place and records it in the ledger of its spec. When this returns, the bundle is complete, recorded
 * and on disk. When it throws, the bundle is not recorded, its files are removed again where that can be done, and the
 * message says so. Every text is redacted here, before it is hashed.
 * Throws SpecError EVIDENCE_WRITE_FAILED, EVIDENCE_FS_NO_LINK, OUTSIDE_WORKSPACE, REFUSED.
 */
export function publishBundle(workspace: Workspace, evidenceRoot: string, bundle: Bundle): Published {
  try {
    return publish(workspace, evidenceRoot, bundle);
  } catch (error) {
    throw publishFailure(bundle, error);
  }
}

function publish(workspace: Workspace, root: string, bundle: Bundle): Published {
  const { files } = workspace;
  const redactor = redactorOf(workspace);
  const contents = bundle.files.map(file =>
    'staged' in file ? file : { ...file, bytes: redactedFile(redactor, file.name, file.bytes) },
  );
  const drafts = openDrafts(workspace, root, bundle.sessionId);
  try {
    const staged = contents.map(file => stage(files, drafts, file));
    const at = workspace.now().toISOString();
    const clean = (text: string) => redactedText(redactor, text);
    const manifest = stage(files, drafts, {
      name: manifestName(bundle.prefix, bundle.sessionId),
      bytes: manifestBytes(bundle, staged, at, workspace.runtime, clean),
    });
    const record = inPlace(files, root, bundle.kind, bundle.specId, target =>
      moveAndRecord(target, bundle, [...staged, manifest], at, drafts),
    );
    for (const file of bundle.files) if ('staged' in file) discard(files, file.staged);
    return published(root, bundle, staged, manifest, record);
  } finally {
    drafts.discard();
  }
}

function stage(files: Files, drafts: Drafts, file: BundleFile): Staged {
  if ('staged' in file)
    return { name: file.name, from: file.staged, isDraft: false, digest: digestStaged(files, file) };
  return { name: file.name, from: drafts.create(file.bytes), isDraft: true, digest: digestOf(file.bytes) };
}

function digestStaged(files: Files, file: { staged: string; sha256: string; size: number }): Digest {
  const { version, size } = files.info(file.staged);
  const digest = digestParts(partsOf(files, file.staged, size, version), size);
  if (digest.sha256 === file.sha256 && size === file.size) return digest;
  throw new SpecError(
    'FILE_UNAVAILABLE',
    `${file.staged} changed before it was published. Run the check again.`,
  );
}

function* partsOf(files: Files, path: string, size: number, version: string): Generator<Buffer> {
  for (let start = 0; start < size; start += CHUNK_BYTES)
    yield files.readRange(path, start, Math.min(CHUNK_BYTES, size - start), version) ?? Buffer.alloc(0);
}

function moveAndRecord(
  target: Target,
  bundle: Bundle,
  staged: readonly Staged[],
  at: string,
  drafts: Drafts,
): Appended {
  const { specId, sessionId, kind } = bundle;
  const manifest = staged.at(-1);
  if (manifest === undefined) throw new TypeError('A bundle has a manifest.');
  const { files, bundles, ledger } = target;
  let record: Appended;
  try {
    for (const each of staged) move(target, each, drafts);
    const named = { path: bundlePath(kind, specId, manifest.name), sha256: manifest.digest.sha256 };
    record = appendRecord(target, { specId, bundle: sessionId, manifest: named, at }, drafts);
  } catch (error) {
    for (const { from, name } of staged)
      if (isSameFile(files, from, `${bundles.path}/${name}`)) discard(bundles, name);
    throw error;
  }
  confirm(ledger, specId);
  return record;
}

/** The record is in place by now, so that a failure here says something else than a bundle that was not recorded. */
function confirm(ledger: OpenFolder, specId: string): void {
  try {
    ledger.sync();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new SpecError(
      'EVIDENCE_WRITE_FAILED',
      `The evidence of ${specId} is in its place, but the disk did not confirm it, so it may be gone after a crash. ${error.message} verify_evidence tells whether it is there.`,
      { cause: error },
    );
  }
}

function move({ files, bundles }: Target, { name, from, isDraft }: Staged, drafts: Drafts): void {
  const to = `${bundles.path}/${name}`;
  if (isDraft ? drafts.link(from, bundles, name) : files.link(from, to)) return;
  throw new SpecError('EXISTS', `${to} exists already, and evidence is never overwritten. Call again.`);
}

function published(
  root: string,
  { specId, sessionId, kind }: Bundle,
  staged: readonly Staged[],
  manifest: Staged,
  record: Appended,
): Published {
  const path = (name: string) => `${root}/${bundlePath(kind, specId, name)}`;
  return {
    bundle: sessionId,
    files: staged.map(({ name, digest }) => ({ path: path(name), sha256: digest.sha256, size: digest.size })),
    manifest: { path: path(manifest.name), sha256: manifest.digest.sha256 },
    record: { ...record, path: `${root}/${record.path}` },
    resource: bundleUri(specId, sessionId),
  };
}

function publishFailure({ specId }: Bundle, error: unknown): unknown {
  if (!(error instanceof SpecError)) return error;
  if (!['FILE_UNAVAILABLE', 'EXISTS', 'BUSY'].includes(error.code)) return error;
  return new SpecError(
    'EVIDENCE_WRITE_FAILED',
    `The evidence of ${specId} was not recorded, so this run counts for nothing. ${error.message}`,
    { cause: error },
  );
}
