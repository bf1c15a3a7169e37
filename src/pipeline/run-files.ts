import { RunRecord } from '../../schemas/run.js';
import { SpecError } from '../errors.js';
import { redactorOf } from '../evidence/redaction.js';
import type { Files, ReadFile } from '../workspace/files.js';
import type { Workspace } from '../workspace/workspace.js';

/** A result that is larger than this is no record of a run any more. */
const MAX_BYTES = 4 * 1024 * 1024;

export const RUNS = 'runs';

/** Relative to the workspace. */
export function runPath(root: string, runId: string): string {
  return `${root}/${RUNS}/${runId}.json`;
}

export function runUri(runId: string): string {
  return `spec-kit://runs/${runId}`;
}

/** The record's bytes, with every secret of the operator hidden. Throws LIMIT_EXCEEDED, REFUSED. */
export function recordBytes(workspace: Workspace, record: RunRecord): Buffer {
  const clean = RunRecord.safeParse(redactorOf(workspace).json(record)).data;
  if (clean === undefined)
    throw new SpecError(
      'REFUSED',
      `The record of run ${record.runId} holds a secret where an id must stand, so it was not written. Rename what is called like the secret.`,
    );
  const bytes = Buffer.from(`${JSON.stringify(clean, null, 2)}\n`);
  if (bytes.length <= MAX_BYTES) return bytes;
  throw new SpecError(
    'LIMIT_EXCEEDED',
    `The record of run ${record.runId} would have ${bytes.length} bytes; the limit is ${MAX_BYTES}. Its evidence is complete; ask for less at once.`,
  );
}

/** Undefined when there is no such file. Throws FILE_UNAVAILABLE, naming the file, when it is no record of that run. */
export function readRecord(
  { files }: Workspace,
  root: string,
  runId: string,
): (Pick<ReadFile, 'version'> & { readonly record: RunRecord }) | undefined {
  const path = runPath(root, runId);
  const file = files.info(path).kind === 'missing' ? undefined : files.read(path, MAX_BYTES);
  if (file === undefined) return undefined;
  const record = recordOf(file.bytes);
  if (record?.runId === runId) return { record, version: file.version };
  throw new SpecError(
    'FILE_UNAVAILABLE',
    `${path} is not the record of run ${runId}: it was changed or cut short by somebody else. Restore it from git or move it away; no evidence depends on it.`,
  );
}

/** Undefined for bytes that are no record. */
export function recordOf(bytes: Uint8Array): RunRecord | undefined {
  try {
    return RunRecord.safeParse(JSON.parse(Buffer.from(bytes).toString())).data;
  } catch {
    return undefined;
  }
}

export function isRunPath(root: string, path: string): boolean {
  return path.startsWith(`${root}/${RUNS}/`);
}

/** True only for a file that really is the record of the run it is named after. */
export function isOwnRun(files: Files, root: string, path: string): boolean {
  if (!isRunPath(root, path)) return false;
  const { kind, size } = files.info(path);
  if (kind !== 'file' || size > MAX_BYTES) return false;
  const record = recordOf(files.read(path, MAX_BYTES)?.bytes ?? Buffer.alloc(0));
  return record !== undefined && path === runPath(root, record.runId);
}
