import { isRunPath } from '../pipeline/run-files.js';
import type { Workspace } from '../workspace/workspace.js';
import { bundleFolders, recordPath } from './layout.js';
import type { SpecVerdict } from './verify-spec.js';

/** Where the evidence of HEAD is not that of the work tree, as paths of the workspace. */
export interface Uncommitted {
  /** Other or gone in the work tree. */
  readonly changed: readonly string[];
  /** In the work tree alone, although records in HEAD need them. */
  readonly lacking: readonly string[];
  /** In the work tree alone, all of them. */
  readonly added: readonly string[];
}

type Judged = Pick<SpecVerdict, 'specId' | 'records'>;

/** Ids of bundles in the name of a file; a caller may have put another one before its own. */
const BUNDLE = /\d{8}T\d{6}Z-[0-9a-f]{8}/g;

/** Records of runs go on changing after they were committed, and prove nothing. Throws GIT_UNAVAILABLE. */
export async function uncommitted(
  workspace: Workspace,
  root: string,
  verdicts: readonly Judged[],
): Promise<Uncommitted> {
  const [all, tracked] = await Promise.all([workspace.git.changes(), workspace.git.tracked()]);
  const changes = all.filter(({ path }) => path.startsWith(`${root}/`) && !isRunPath(root, path));
  const isNew = (code: string) => code === '??' || code.startsWith('A');
  const added = changes.filter(({ code }) => isNew(code)).map(({ path }) => path);
  const news = new Set(added);
  const isCommitted = (path: string) => tracked.has(path) && !news.has(path);
  return {
    changed: changes.filter(({ code }) => !isNew(code)).map(({ path }) => path),
    lacking: verdicts.flatMap(verdict => lackingOf(workspace, root, verdict, isCommitted)),
    added,
  };
}

/** Records before a committed one, and files of bundles that committed records name. */
function lackingOf(
  { files }: Workspace,
  root: string,
  { specId, records }: Judged,
  isCommitted: (path: string) => boolean,
): readonly string[] {
  const pathOf = (seq: number) => `${root}/${recordPath(specId, seq)}`;
  const committed = records.filter(({ seq }) => isCommitted(pathOf(seq)));
  const last = committed.reduce((most, { seq }) => Math.max(most, seq), 0);
  const bundles = new Set(committed.map(({ record }) => record?.bundle));
  const before = records.filter(({ seq }) => seq < last).map(({ seq }) => pathOf(seq));
  const named = bundleFolders(specId).flatMap(folder =>
    files
      .list(`${root}/${folder}`)
      .filter(({ name }) => (name.match(BUNDLE) ?? []).some(id => bundles.has(id)))
      .map(({ name }) => `${root}/${folder}/${name}`),
  );
  return [...before, ...named].filter(path => !isCommitted(path));
}
