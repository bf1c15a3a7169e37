import { SpecError } from '../errors.js';
import type { Files, Git, GitHead, Workspace } from '../workspace.js';

interface Known {
  readonly mark: string;
  readonly head: GitHead;
}

const known = new WeakMap<Git, Known>();
const UNKNOWN: GitHead = { commit: null, tree: null, branch: null };

/**
 * HEAD as git tells it, asked anew only when the files that say where HEAD is have changed: starting git costs more than
 * writing a small bundle. All null when git cannot answer.
 */
export async function headNow({ git, files }: Workspace): Promise<GitHead> {
  const mark = markOf(files);
  const before = known.get(git);
  if (before !== undefined && mark !== undefined && before.mark === mark) return before.head;
  try {
    const head = await git.head();
    if (mark !== undefined) known.set(git, { mark, head });
    return head;
  } catch (error) {
    if (error instanceof SpecError && error.code === 'GIT_UNAVAILABLE') return UNKNOWN;
    throw error;
  }
}

/** Changes whenever HEAD moves. Undefined where that cannot be seen: linked work trees, the reftable format. */
function markOf(files: Files): string | undefined {
  if (files.info('.git/HEAD').kind !== 'file' || files.info('.git/reftable').kind !== 'missing')
    return undefined;
  const head = files.read('.git/HEAD', 4096)?.bytes.toString() ?? '';
  const ref = /^ref: (refs\/\S{1,1000})\n$/.exec(head)?.[1];
  const versions = ref === undefined ? [] : [`.git/${ref}`, '.git/packed-refs'];
  return [head, ...versions.map(path => files.info(path).version)].join(' ');
}
