import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { inBundleFolders } from './bundle-files.js';
import { sha256Of } from './digest.js';
import { findBundle } from './find-bundle.js';
import { nameOf } from './layout.js';
import { MAX_MANIFEST_BYTES } from './records.js';

const MAX_TEXT_BYTES = 1024 * 1024;

/** The manifest of a recorded bundle as it is stored; undefined when no record names the bundle. Throws REFUSED. */
export function manifestText(
  workspace: Workspace,
  root: string,
  specId: string,
  bundle: string,
): string | undefined {
  const found = findBundle(workspace, root, specId, bundle);
  if (found === undefined) return undefined;
  const { path, sha256 } = found.record.manifest;
  return verified(workspace, root, specId, path, sha256, MAX_MANIFEST_BYTES).toString();
}

/** Names of the files of a recorded bundle; empty when no record names it or its manifest is not the recorded one. */
export function fileNames(
  workspace: Workspace,
  root: string,
  specId: string,
  bundle: string,
): readonly string[] {
  const subjects = findBundle(workspace, root, specId, bundle)?.manifest?.subject ?? [];
  return subjects.map(({ name }) => nameOf(name));
}

/**
 * The text of one file that the manifest of a recorded bundle names; undefined for any other. Throws LIMIT_EXCEEDED over
 * 1 MiB, NOT_TEXT for what is not UTF-8, REFUSED when it is not the recorded file.
 */
export function fileText(
  workspace: Workspace,
  root: string,
  specId: string,
  bundle: string,
  file: string,
): string | undefined {
  const found = findBundle(workspace, root, specId, bundle);
  const subject = found?.manifest?.subject.find(({ name }) => nameOf(name) === file);
  if (subject === undefined) return undefined;
  const path = `${root}/${subject.name}`;
  const { sha256 } = subject.digest;
  if (subject.annotations.size > MAX_TEXT_BYTES)
    throw new SpecError(
      'LIMIT_EXCEEDED',
      `${path} has ${subject.annotations.size} bytes, and resources show up to ${MAX_TEXT_BYTES}. Open the file itself; its sha256 is ${sha256}.`,
    );
  return decoded(verified(workspace, root, specId, subject.name, sha256, MAX_TEXT_BYTES), path, sha256);
}

function verified(
  workspace: Workspace,
  root: string,
  specId: string,
  path: string,
  sha256: string,
  maxBytes: number,
): Buffer {
  const bytes = inBundleFolders(workspace, root, specId, read => read(path, maxBytes));
  if (typeof bytes !== 'string' && sha256Of(bytes) === sha256) return bytes;
  throw new SpecError(
    'REFUSED',
    `${root}/${path} is not the file that was recorded, so it is not shown as evidence. verify_evidence names what changed.`,
  );
}

function decoded(bytes: Buffer, path: string, sha256: string): string {
  try {
    if (!bytes.includes(0)) return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  throw new SpecError('NOT_TEXT', `${path} is not text. Open the file itself; its sha256 is ${sha256}.`);
}
