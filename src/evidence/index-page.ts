import type { Predicate } from '../../schemas/evidence.js';
import type { EvidenceIndex, EvidenceIndexEntry } from '../../schemas/evidence-tools.js';
import { SPEC_ID } from '../../schemas/ids.js';
import { SpecError } from '../errors.js';
import { decideOutcome } from '../guardrail/outcome.js';
import type { Listed, Page } from '../resource.js';
import type { Workspace } from '../workspace/workspace.js';
import { bundleUri, indexUri } from './layout.js';
import { newestSeq } from './ledger.js';
import { type Recorded, readBack } from './records.js';

const PAGE = 100;
const NOTE =
  'Outcomes and verdicts are what the manifests claim; verify_evidence holds them against files and ledger.';

/** The 100 newest bundles, or those from record `from` down. Costs the same however many there are. */
export function indexPage(
  workspace: Workspace,
  root: string,
  specId: string,
  from: number | undefined,
): EvidenceIndex | undefined {
  const newest = newestSeq(workspace.files, root, specId);
  if (newest === 0) return undefined;
  const start = Math.min(newest, from ?? newest);
  const entries = readBack(workspace, root, specId, start, PAGE).map(recorded => entryOf(recorded, specId));
  const older = start - PAGE;
  return {
    specId,
    bundles: newest,
    note: NOTE,
    entries,
    older: older > 0 ? `${indexUri(specId)}@${older}` : null,
  };
}

function entryOf({ seq, record, manifest }: Recorded, specId: string): EvidenceIndexEntry {
  const predicate = manifest?.predicate;
  return {
    seq,
    bundle: record.bundle,
    at: record.at,
    kind: predicate?.kind ?? null,
    attestedBy: predicate?.attestedBy ?? null,
    stage: predicate?.stage ?? null,
    outcome: hasOutcome(predicate) ? decideOutcome(predicate.checks) : null,
    verdict: predicate?.verdict ?? null,
    content: predicate?.content ?? null,
    uri: bundleUri(specId, record.bundle),
  };
}

function hasOutcome(predicate: Predicate | undefined): predicate is Predicate {
  return predicate?.attestedBy === 'server' && predicate.kind !== 'consensus';
}

/** The specs that have a ledger, by name. */
export function specsWithEvidence({ files }: Workspace, root: string): readonly string[] {
  return files
    .list(`${root}/ledger`)
    .filter(({ name, kind }) => kind === 'directory' && SPEC_ID.test(name))
    .map(({ name }) => name);
}

/** Every bundle, spec by spec, newest first. A cursor is `<SPEC-ID>@<seq>`: the record that comes next. */
export function listBundles(
  workspace: Workspace,
  root: string,
  from: string | undefined,
  limit: number,
): Page {
  const cursor = from === undefined ? undefined : parseCursor(from);
  const entries: Listed[] = [];
  for (const specId of specsWithEvidence(workspace, root)) {
    if (cursor !== undefined && specId < cursor.specId) continue;
    const newest = newestSeq(workspace.files, root, specId);
    const start = cursor?.specId === specId ? Math.min(cursor.seq, newest) : newest;
    const room = limit - entries.length;
    if (room === 0 && start > 0) return { entries, next: `${specId}@${start}` };
    entries.push(...readBack(workspace, root, specId, start, room, () => false).map(listed));
    if (start > room) return { entries, next: `${specId}@${start - room}` };
  }
  return { entries };
}

function listed({ record: { specId, bundle, manifest } }: Recorded): Listed {
  const prefix = /([^/]*)_[^_]*_manifest\.json$/.exec(manifest.path)?.[1] ?? '';
  return { uri: bundleUri(specId, bundle), name: `${specId} ${prefix} ${bundle}` };
}

function parseCursor(from: string): { specId: string; seq: number } {
  const [, specId = '', seq] = /^([A-Z0-9-]{3,64})@(\d{1,8})$/.exec(from) ?? [];
  if (seq === undefined)
    throw new SpecError('INVALID_ARGUMENT', 'That cursor is not one of this server. List again without one.');
  return { specId, seq: Number(seq) };
}
