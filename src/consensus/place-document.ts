import type { Stage } from '../../schemas/ids.js';
import { SpecError } from '../errors.js';
import { sha256Of } from '../evidence/digest.js';
import { MAX_DOCUMENT_BYTES } from '../packet/documents.js';
import type { Packet } from '../packet/find.js';
import type { Workspace } from '../workspace/workspace.js';

const DOCUMENT: Readonly<Partial<Record<Stage, string>>> = { plan: 'plan.md', tasks: 'tasks.md' };

export interface Target {
  /** Relative to the workspace. */
  readonly path: string;
  /** Of its bytes; null when there is no such file. */
  readonly sha256: string | null;
}

/** Where a stage writes its document; undefined for a stage that writes none. */
export function documentPath({ directory }: Packet, stage: Stage): string | undefined {
  const name = DOCUMENT[stage];
  return name === undefined ? undefined : `${directory}/${name}`;
}

/** The document that a stage writes, as it is now; null for a stage that writes none. */
export function targetOf({ files }: Workspace, packet: Packet, stage: Stage): Target | null {
  const path = documentPath(packet, stage);
  if (path === undefined) return null;
  const bytes = files.info(path).kind === 'missing' ? undefined : files.read(path, MAX_DOCUMENT_BYTES)?.bytes;
  return { path, sha256: bytes === undefined ? null : sha256Of(bytes) };
}

/**
 * Puts a document in place of the one that was there when the run began. Nothing that a person wrote is lost: throws REFUSED
 * when the file changed since, or holds changes that no commit has; STALE_WRITE when it changes at this very moment.
 */
export async function placeDocument(workspace: Workspace, target: Target, text: string): Promise<void> {
  const { files, git } = workspace;
  const { path, sha256 } = target;
  const bytes = Buffer.from(text);
  const now = files.info(path).kind === 'missing' ? undefined : files.read(path, MAX_DOCUMENT_BYTES);
  if (now === undefined && sha256 === null) return files.create(path, bytes, 0o644);
  if (now !== undefined && sha256Of(now.bytes) === sha256Of(bytes)) return;
  if (now === undefined || sha256Of(now.bytes) !== sha256)
    throw new SpecError(
      'REFUSED',
      `${path} was ${now === undefined ? 'removed' : 'changed'} since the run began, so it is left alone. The preview has the agreed text; put it in by hand, or start a new run.`,
    );
  if ((await git.changes()).some(change => change.path === path))
    throw new SpecError(
      'REFUSED',
      `${path} has changes that are not committed, and writing would lose them. Commit it, then call again with write.`,
    );
  files.replace(path, bytes, now.version);
}
