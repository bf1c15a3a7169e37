import type { Workspace } from '../workspace/workspace.js';
import { bundleFolders } from './layout.js';
import { newestSeq } from './ledger.js';
import { readBack } from './records.js';
import { sessionStart } from './session.js';
import { discard } from './staging.js';

const SESSION_LENGTH = '20261122T100000Z-00000000'.length;

/**
 * Removes the files of bundles of one prefix, HAL captures of their sessions included, that a process left when it died between
 * moving them into place and recording them: nobody was ever told of them. Only sessions that began at `since` or later, to the
 * second, and are in no record at all count: an earlier run of the stage may have begun in the same second.
 * How many files there were.
 */
export function discardUnfinished(
  workspace: Workspace,
  root: string,
  { specId, prefix, since }: { specId: string; prefix: string; since: Date },
): number {
  const { files } = workspace;
  const newest = newestSeq(files, root, specId);
  const recorded = new Set(
    readBack(workspace, root, specId, newest, newest, () => false).map(({ record }) => record.bundle),
  );
  const earliest = Math.floor(since.getTime() / 1000) * 1000;
  const isUnfinished = (session: string) => !recorded.has(session) && sessionStart(session) >= earliest;
  const names = bundleFolders(specId).flatMap(folder =>
    files
      .list(`${root}/${folder}`)
      .filter(({ kind }) => kind === 'file')
      .map(({ name }) => ({ name, path: `${root}/${folder}/${name}` })),
  );
  const sessions = new Set(
    names.flatMap(({ name }) => sessionOf(name, `${prefix}_`) ?? []).filter(isUnfinished),
  );
  const isOf = (name: string, start: string) => sessions.has(sessionOf(name, start) ?? '');
  // Captures go first: once the files that name the stage are gone, nothing tells whose captures they are.
  const captures = names.filter(
    ({ name }) => isOf(name, '') && name.slice(SESSION_LENGTH).startsWith('-hal-'),
  );
  const left = [...captures, ...names.filter(({ name }) => isOf(name, `${prefix}_`))].map(({ path }) => path);
  for (const path of left) discard(files, path);
  return left.length;
}

/** The session whose id follows `start` at the beginning of a name. */
function sessionOf(name: string, start: string): string | undefined {
  if (!name.startsWith(start)) return undefined;
  return /^\d{8}T\d{6}Z-[0-9a-f]{8}/.exec(name.slice(start.length))?.[0];
}
