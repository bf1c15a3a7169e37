import { SESSION_ID, SPEC_ID } from '../../schemas/ids.js';
import { startingWith } from '../page.js';
import type { Workspace } from '../workspace/workspace.js';
import { specsWithEvidence } from './index-page.js';
import { newestSeq } from './ledger.js';
import { fileNames } from './read-bundle.js';
import { readBack } from './records.js';

const OFFERED = 100;

/** Values for `specId`, `bundleId` (the newest ones) and `file`, given the variables before them. */
export function completeBundle(
  workspace: Workspace,
  root: string,
  variable: string,
  value: string,
  { specId = '', bundleId = '' }: Readonly<Record<string, string>>,
): readonly string[] {
  if (variable === 'specId') return startingWith(specsWithEvidence(workspace, root), value);
  if (!SPEC_ID.test(specId)) return [];
  if (variable === 'file')
    return SESSION_ID.test(bundleId) ? startingWith(fileNames(workspace, root, specId, bundleId), value) : [];
  const newest = newestSeq(workspace.files, root, specId);
  const bundles = readBack(workspace, root, specId, newest, OFFERED, () => false).map(
    ({ record }) => record.bundle,
  );
  return startingWith(bundles, value);
}
