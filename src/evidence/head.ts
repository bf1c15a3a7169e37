import { SpecError } from '../errors.js';
import type { Files } from '../workspace/files.js';
import type { Git, GitHead } from '../workspace/git.js';
import type { Workspace } from '../workspace/workspace.js';

interface Known {
  /** Of .git/HEAD. */
  readonly version: string;
  /** What .git/HEAD points to; undefined when HEAD is detached. */
  readonly ref: string | undefined;
  /** Of what says where that is. */
  readonly place: string;
  readonly head: GitHead;
}

const known = new WeakMap<Git, Known>();
const UNKNOWN: GitHead = { commit: null, tree: null, branch: null };

/**
 * HEAD as git tells it, asked anew only when the files that say where HEAD is have changed: starting git costs more than
 * writing a small bundle. All null when git cannot answer.
 */
export async function headNow({ git, files }: Workspace): Promise<GitHead> {
  const { version } = files.info('.git/HEAD');
  const before = known.get(git);
  if (before?.version === version && before.place === placeOf(files, before.ref)) return before.head;
  const ref = refOf(files);
  const place = placeOf(files, ref);
  try {
    const head = await git.head();
    if (version !== '' && files.info('.git/reftable').kind === 'missing')
      known.set(git, { version, ref, place, head });
    return head;
  } catch (error) {
    if (error instanceof SpecError && error.code === 'GIT_UNAVAILABLE') return UNKNOWN;
    throw error;
  }
}

/** Undefined in a linked work tree, too, whose `.git` is no folder: there git is asked each time. */
function refOf(files: Files): string | undefined {
  const head = files.info('.git/HEAD').kind === 'file' ? files.read('.git/HEAD', 4096)?.bytes.toString() : '';
  return /^ref: (refs\/\S{1,1000})\n$/.exec(head ?? '')?.[1];
}

function placeOf(files: Files, ref: string | undefined): string {
  if (ref === undefined) return '';
  return `${files.info(`.git/${ref}`).version} ${files.info('.git/packed-refs').version}`;
}
