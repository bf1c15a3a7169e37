import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { sha256Of } from './digest.js';
import { finding } from './findings.js';
import type { NamedSource, SpecVerdict } from './verify-spec.js';

const SETTINGS_FILE = 'spec-kit.toml';
const MAX_SETTINGS_BYTES = 1024 * 1024;
/** Each costs a call of git. */
const MOST_SETTINGS = 50;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What git knows of the commits that evidence names: whether they exist, and whether the settings there are the named ones. */
export async function verifySources(
  workspace: Workspace,
  verdicts: readonly SpecVerdict[],
): Promise<readonly EvidenceFinding[]> {
  const future = verdicts.flatMap(verdict => fromTheFuture(workspace, verdict));
  try {
    const commits = new Set(
      verdicts.flatMap(({ sources }) => sources.flatMap(({ source }) => source.commit ?? [])),
    );
    const { known, shallow } = await workspace.git.here([...commits]);
    const unknown = shallow ? [] : verdicts.flatMap(verdict => unknownSources(verdict, known));
    return [...future, ...unknown, ...(await otherSettings(workspace, verdicts, known))];
  } catch (error) {
    // Evidence verifies without git, only not this part of it.
    if (error instanceof SpecError) return [...future, withoutGit(workspace, error)];
    throw error;
  }
}

/** In a download that is as it should be; in a repository somebody has to see to it, or anchors and tampering go unseen. */
function withoutGit({ files }: Workspace, { message: why }: SpecError): EvidenceFinding {
  if (files.info('.git').kind !== 'missing')
    return finding(
      'git-unavailable',
      { specId: '' },
      `This is a git repository, and git does not answer: ${why} Anchors in commits and the commits that evidence names were not looked up.`,
    );
  const message =
    'git does not answer here, so the commits that evidence names were not looked up, nor anchors in commits, nor what git ignores. In a clone they are.';
  return finding('without-git', { specId: '' }, message);
}

function unknownSources(
  { specId, sources }: SpecVerdict,
  known: ReadonlySet<string>,
): readonly EvidenceFinding[] {
  const gone = sources.filter(({ source }) => source.commit !== null && !known.has(source.commit));
  const [first] = gone;
  if (first === undefined) return [];
  const commits = new Set(gone.map(({ source }) => source.commit)).size;
  const message = `git does not know ${commits} of the commits that evidence was made at, first ${first.source.commit?.slice(0, 12)}: what was checked there cannot be looked up. Keep those commits on a branch or tag.`;
  const place = { specId, record: first.seq, bundle: first.bundle, actual: first.source.commit ?? '' };
  return [finding('source-unknown', place, message)];
}

async function otherSettings(
  { git }: Workspace,
  verdicts: readonly SpecVerdict[],
  known: ReadonlySet<string>,
): Promise<readonly EvidenceFinding[]> {
  const asked = verdicts.flatMap(({ specId, sources }) =>
    sources.filter(one => isClean(one, known)).map(named => ({ specId, ...named })),
  );
  const found: EvidenceFinding[] = [];
  for (const { specId, seq, bundle, source, configDigest } of asked.slice(0, MOST_SETTINGS)) {
    const bytes = await git.blob(`${source.commit}:${SETTINGS_FILE}`, MAX_SETTINGS_BYTES);
    // Settings that git ignores are in no commit: of them nothing can be said.
    if (bytes === undefined || configDigest === null || digestsOf(bytes).includes(configDigest)) continue;
    const place = { specId, record: seq, bundle, expected: sha256Of(bytes), actual: configDigest };
    const message = `It says that nothing was uncommitted, and ${SETTINGS_FILE} at its commit is not the one it names.`;
    found.push(finding('config-mismatch', place, message));
  }
  return found;
}

function isClean({ source, configDigest }: NamedSource, known: ReadonlySet<string>): boolean {
  return (
    source.dirty === false && configDigest !== null && source.commit !== null && known.has(source.commit)
  );
}

/** A work tree may have other line ends than the commit. */
function digestsOf(bytes: Buffer): readonly string[] {
  const text = bytes.toString('latin1');
  const other = Buffer.from(text.replaceAll(/\r?\n/g, '\r\n'), 'latin1');
  return [sha256Of(bytes), sha256Of(other)];
}

function fromTheFuture({ now }: Workspace, { specId, records }: SpecVerdict): readonly EvidenceFinding[] {
  const latest = now().getTime() + DAY_MS;
  const early = records.find(({ record }) => record !== undefined && Date.parse(record.at) > latest);
  if (early?.record === undefined) return [];
  const { seq, bundle, at } = early.record;
  const message = `Record ${seq} is of ${at}, more than a day from now: a clock was wrong.`;
  return [finding('time-disorder', { specId, record: seq, bundle, actual: at }, message)];
}
