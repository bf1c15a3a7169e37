import { STAGES, type Stage } from '../../schemas/ids.js';
import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Ground } from './artifacts.js';
import { bundleOf, type OriginBundle } from './bundle.js';
import { consensusBundle } from './consensus-bundle.js';
import { type Folder, openFolder } from './folder.js';
import { captureBundle, guardrailBundle } from './guardrail-bundle.js';
import { judgeCost } from './judge-figures.js';
import { momentOf } from './names.js';
import { collectReasons } from './reasons.js';

/** What was found of a repository's evidence without a ledger. */
export interface Survey {
  readonly bundles: readonly OriginBundle[];
  /** Files that are no evidence of a run in any known shape; relative to the workspace. */
  readonly others: readonly string[];
}

/**
 * Judges evidence that has no manifests: guardrail telemetry, consensus runs, HAL captures and cost summaries of the origin.
 * `specIds` are the specs with files that no ledger could name; `asked` is the one spec that is wanted, undefined for all.
 * Reads only; never throws for what it reads.
 */
export async function surveyOrigin(
  workspace: Workspace,
  root: string,
  specIds: readonly string[],
  asked: string | undefined,
): Promise<Survey> {
  const surveys = specIds.map(specId => surveySpec(workspace, root, specId));
  const loose = asked === undefined ? looseFiles(workspace, root) : [];
  const bundles = [...surveys.flatMap(survey => survey.bundles), ...costBundles(workspace, root, asked)];
  const others = [...surveys.flatMap(survey => survey.others), ...loose];
  return { bundles: await withIgnored(workspace, bundles), others };
}

/** One spec, without asking git anything. */
export function surveySpec({ files }: Workspace, root: string, specId: string): Survey {
  const bundles: OriginBundle[] = [];
  const others: string[] = [];
  for (const part of ['commands', 'consensus']) {
    const path = `${root}/${part}/${specId}`;
    if (files.info(path).kind !== 'directory') continue;
    const folder = openFolder(files, path, specId);
    const found = surveyFolder(folder, { files, root, folder: path });
    bundles.push(...found.bundles);
    others.push(...found.others);
  }
  return { bundles, others };
}

function surveyFolder(folder: Folder, ground: Ground): Survey {
  const bundles: OriginBundle[] = [];
  const used = new Set<string>();
  const keep = (bundle: OriginBundle | undefined) => {
    if (bundle === undefined) return;
    bundles.push(bundle);
    for (const { path } of bundle.files) used.add(path.slice(folder.path.length + 1));
  };
  for (const name of folder.names)
    if (folder.is(name).kind === 'guardrail') keep(guardrailBundle(folder, name, ground));
  for (const [stage, session, names] of runsIn(folder))
    keep(consensusBundle(folder, stage, session, names, ground));
  for (const name of folder.names)
    if (folder.is(name).kind === 'capture' && !used.has(name)) keep(captureBundle(folder, name));
  const others = folder.names.filter(name => !used.has(name)).map(name => `${folder.path}/${name}`);
  return { bundles, others };
}

/** Consensus files by stage and moment: the two writers form the same moment differently. */
function runsIn(folder: Folder): readonly (readonly [Stage, string, readonly string[]])[] {
  const runs = new Map<string, { stage: Stage; session: string; names: string[] }>();
  for (const name of folder.names) {
    const is = folder.is(name);
    if (!('stage' in is) || is.kind === 'guardrail') continue;
    const key = `${STAGES.indexOf(is.stage)} ${momentOf(is.session)}`;
    const run = runs.get(key) ?? { stage: is.stage, session: is.session, names: [] };
    run.names.push(name);
    runs.set(key, run);
  }
  return [...runs.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { stage, session, names }]) => [stage, session, names]);
}

function costBundles({ files }: Workspace, root: string, asked: string | undefined): readonly OriginBundle[] {
  const path = `${root}/costs`;
  if (files.info(path).kind !== 'directory') return [];
  const folder = openFolder(files, path, asked ?? '');
  return folder.names.flatMap(name => {
    const is = folder.is(name);
    if (is.kind !== 'cost' || (asked !== undefined && is.specId !== asked)) return [];
    const { reasons, blame } = collectReasons();
    const file = folder.read(name);
    const claim = judgeCost(file, { specId: is.specId, blame });
    const about = { specId: is.specId, kind: 'cost', stage: null, session: '', claim } as const;
    return [bundleOf(about, [file], new Map([[name, claim]]), reasons)];
  });
}

/** Files that lie in no spec's folder. */
function looseFiles({ files }: Workspace, root: string): readonly string[] {
  return ['commands', 'consensus'].flatMap(part =>
    files
      .list(`${root}/${part}`)
      .filter(({ kind }) => kind === 'file')
      .map(({ name }) => `${root}/${part}/${name}`),
  );
}

const MOST_ASKED = 5000;

/** A file that git ignores is not in a clone, so nobody else can check it. */
async function withIgnored(
  { git }: Workspace,
  bundles: readonly OriginBundle[],
): Promise<readonly OriginBundle[]> {
  const paths = bundles.flatMap(({ files }) => files.map(({ path }) => path)).slice(0, MOST_ASKED);
  if (paths.length === 0) return bundles;
  const ignored = await git.ignored(paths).catch(noneWithoutGit);
  return ignored.size === 0 ? bundles : bundles.map(bundle => withoutIgnored(bundle, ignored));
}

function noneWithoutGit(error: unknown): ReadonlySet<string> {
  if (error instanceof SpecError) return new Set();
  throw error;
}

function withoutIgnored(bundle: OriginBundle, ignored: ReadonlySet<string>): OriginBundle {
  const hidden = bundle.files.filter(({ path }) => ignored.has(path));
  const [first] = hidden;
  if (first === undefined) return bundle;
  const file = first.path.slice(first.path.lastIndexOf('/') + 1);
  const detail = `git ignores ${hidden.length} of its files, so a clone will miss them.`;
  const reasons = [...bundle.reasons, { code: 'artifact-ignored', file, detail } as const];
  return { ...bundle, reasons, verdict: bundle.verdict === 'sound' ? 'incomplete' : bundle.verdict };
}
