import { SpecError } from '../errors.js';
import type { ReadFile } from '../workspace/files.js';
import type { Workspace } from '../workspace/workspace.js';
import { LIMITS } from './limits.js';

/** The tracker's bytes. Throws NOT_FOUND, and what `Files.read` throws. */
export function readTracker({ files }: Workspace, path: string): ReadFile {
  const file = files.read(path, LIMITS.fileBytes);
  if (file !== undefined) return file;
  throw noTracker(path);
}

export function noTracker(path: string): SpecError {
  return new SpecError(
    'NOT_FOUND',
    `There is no tracker: ${path} does not exist in this workspace. Create it with a task table (columns such as Task ID and Status; new_spec and \`spec-kit-mcp init\` make one), or name another file with \`path\` or \`[workspace] tracker\` in spec-kit.toml.`,
  );
}
