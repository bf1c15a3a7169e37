import nodePath from 'node:path';
import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import type { HalRunCheck } from './hal.js';

const ORDER = 'SPEC_OPS_HAL_EVIDENCE_DIR';

/** Puts a copy of each capture where the operator wants one; the recorded ones are those in the bundle. */
export function copyCaptures(
  workspace: Workspace,
  evidenceRoot: string,
  checks: readonly HalRunCheck[],
): void {
  const { evidenceDir } = workspace.operator.hal;
  if (evidenceDir === undefined) return;
  const folder = nodePath.posix.normalize(
    nodePath.relative(workspace.root, nodePath.resolve(workspace.root, evidenceDir)),
  );
  if (folder.startsWith('..') || nodePath.isAbsolute(folder))
    throw new SpecError(
      'CONFIG_INVALID',
      `${ORDER} names a folder outside the workspace. Name one inside, or unset it.`,
    );
  if (`${folder}/`.startsWith(`${evidenceRoot}/`)) return;
  for (const { file } of checks)
    if (file !== undefined && 'bytes' in file)
      workspace.files.create(nodePath.posix.join(folder, file.name), file.bytes);
}
