import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import { SpecError } from '../errors.js';
import type { Files } from '../workspace/files.js';
import type { Workspace } from '../workspace/workspace.js';
import { finding } from './findings.js';
import { recordPath } from './layout.js';
import { ATTRIBUTES } from './staging.js';
import type { SpecVerdict } from './verify-spec.js';

const MAX_ATTRIBUTES_BYTES = 64 * 1024;

/** What would break the evidence in a clone: converted line ends, and files that git never sees. */
export async function verifySurroundings(
  workspace: Workspace,
  root: string,
  verdicts: readonly SpecVerdict[],
): Promise<readonly EvidenceFinding[]> {
  const recorded = verdicts.filter(({ records }) => records.length > 0);
  const [first] = recorded;
  if (first === undefined) return [];
  const paths = recorded.flatMap(({ specId, examples }) => [
    `${root}/${recordPath(specId, 1)}`,
    ...examples.map(path => `${root}/${path}`),
  ]);
  const message =
    'git ignores this file of a bundle and its like, so a clone will miss them. Change the ignore rule.';
  const ignored = [...(await ignoredOf(workspace, paths))]
    .sort()
    .map(file => finding('ignored-by-git', { specId: first.specId, file }, message));
  return [...attributes(workspace.files, root, first.specId), ...ignored];
}

function attributes(files: Files, root: string, specId: string): readonly EvidenceFinding[] {
  const file = `${root}/.gitattributes`;
  const { kind, size } = files.info(file);
  const small = kind === 'file' && size <= MAX_ATTRIBUTES_BYTES;
  if (small && files.read(file, MAX_ATTRIBUTES_BYTES)?.bytes.toString() === ATTRIBUTES) return [];
  const message = 'Without these attributes git may convert line ends in a clone, and digests fail there.';
  return [finding('attributes-changed', { specId, file, expected: ATTRIBUTES.trim() }, message)];
}

/** None where git cannot answer: verification works without it. */
async function ignoredOf({ git }: Workspace, paths: readonly string[]): Promise<ReadonlySet<string>> {
  try {
    return await git.ignored(paths);
  } catch (error) {
    if (error instanceof SpecError) return new Set();
    throw error;
  }
}
