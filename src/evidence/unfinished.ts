import type { Workspace } from '../workspace.js';
import { bundleFolders } from './layout.js';
import { newestSeq } from './ledger.js';
import { readBack } from './records.js';
import { sessionStart } from './session.js';
import { discard } from './staging.js';

/**
 * Removes the files of bundles of one prefix that a process left when it died between moving them into place and recording
 * them: nobody was ever told of them. Only sessions that began at `since` or later and are in no record after `ledger` count.
 * How many files there were.
 */
export function discardUnfinished(
  workspace: Workspace,
  root: string,
  { specId, prefix, since, ledger }: { specId: string; prefix: string; since: Date; ledger: number },
): number {
  const { files } = workspace;
  const newest = newestSeq(files, root, specId);
  const recorded = new Set(
    readBack(workspace, root, specId, newest, newest - ledger, () => false).map(
      ({ record }) => record.bundle,
    ),
  );
  const earliest = Math.floor(since.getTime() / 1000) * 1000;
  const isUnfinished = (name: string) => {
    if (!name.startsWith(`${prefix}_`)) return false;
    const session = /^\d{8}T\d{6}Z-[0-9a-f]{8}/.exec(name.slice(prefix.length + 1))?.[0];
    return session !== undefined && !recorded.has(session) && sessionStart(session) >= earliest;
  };
  const left = bundleFolders(specId).flatMap(folder =>
    files
      .list(`${root}/${folder}`)
      .filter(({ name, kind }) => kind === 'file' && isUnfinished(name))
      .map(({ name }) => `${root}/${folder}/${name}`),
  );
  for (const path of left) discard(files, path);
  return left.length;
}
