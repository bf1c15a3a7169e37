import { createHash } from 'node:crypto';
import { LedgerRecord, Manifest } from '../../schemas/evidence.js';
import { isOwnRun } from '../pipeline/run-files.js';
import type { Files } from '../workspace/files.js';
import type { Workspace } from '../workspace/workspace.js';
import { recordPath } from './layout.js';
import { ATTRIBUTES } from './staging.js';

const MAX_BYTES = 1024 * 1024;

/**
 * Which of `paths` (new to git, or records of runs) this product wrote: the attributes file, drafts, records of runs,
 * ledger records, and the files of bundles that those name, each by its exact path and under a manifest with the recorded digest.
 */
export function ownOutputs(
  { files }: Workspace,
  evidenceRoot: string,
  paths: readonly string[],
): ReadonlySet<string> {
  const inside = new Set(paths.filter(path => path.startsWith(`${evidenceRoot}/`)));
  const ours = new Set(
    [...inside].filter(path => isDraft(evidenceRoot, path) || isOwnRun(files, evidenceRoot, path)),
  );
  const attributes = `${evidenceRoot}/.gitattributes`;
  if (inside.has(attributes) && readSmall(files, attributes)?.toString() === ATTRIBUTES) ours.add(attributes);
  for (const path of inside) {
    if (!path.startsWith(`${evidenceRoot}/ledger/`)) continue;
    const record = LedgerRecord.safeParse(readJson(files, path)).data;
    if (record === undefined || path !== `${evidenceRoot}/${recordPath(record.specId, record.seq)}`) continue;
    ours.add(path);
    for (const file of bundleFiles(files, evidenceRoot, record)) ours.add(file);
  }
  return ours;
}

/** Git ignores the staging folder, but for the moment in which it is made while git already looks. */
function isDraft(evidenceRoot: string, path: string): boolean {
  return path.startsWith(`${evidenceRoot}/.staging/`);
}

function bundleFiles(files: Files, evidenceRoot: string, { manifest }: LedgerRecord): readonly string[] {
  const path = `${evidenceRoot}/${manifest.path}`;
  const bytes = readSmall(files, path);
  if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== manifest.sha256) return [];
  const subjects = Manifest.safeParse(readJson(files, path)).data?.subject ?? [];
  return [path, ...subjects.map(({ name }) => `${evidenceRoot}/${name}`)];
}

function readJson(files: Files, path: string): unknown {
  try {
    return JSON.parse(readSmall(files, path)?.toString('utf8') ?? 'null');
  } catch {
    return undefined;
  }
}

function readSmall(files: Files, path: string): Buffer | undefined {
  const { kind, size } = files.info(path);
  return kind === 'file' && size <= MAX_BYTES ? files.read(path, MAX_BYTES)?.bytes : undefined;
}
