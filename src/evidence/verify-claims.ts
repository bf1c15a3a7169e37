import * as z from 'zod';
import type { LedgerRecord, Manifest, Predicate } from '../../schemas/evidence.js';
import { Verdict } from '../../schemas/ids.js';
import { decideOutcome } from '../guardrail/outcome.js';
import { type Claiming, claimingOf, compare, deny, denyOutcome, type Payloads } from './claims.js';
import { finding } from './findings.js';
import type { Inspection } from './inspection.js';
import { folderOf, nameOf, recordPath, resultName } from './layout.js';
import { parsed } from './records.js';
import { denyCaptures } from './verify-captures.js';
import { verifyTelemetry } from './verify-telemetry.js';

const Synthesis = z.object({ stage: z.string(), specId: z.string(), status: Verdict });

/** The manifest is the one that the record names by digest, so where they disagree the record was changed. */
export function verifyAgreement(inspection: Inspection, record: LedgerRecord, { predicate }: Manifest): void {
  const own = claimingOf(inspection, record, recordPath(record.specId, record.seq));
  compare(own, 'specId', predicate.specId, record.specId);
  compare(own, 'bundle', predicate.bundle, record.bundle);
  compare(own, 'at', predicate.recordedAt, record.at);
}

/** What a manifest claims has to follow from what it lists. */
export function verifyClaims(inspection: Inspection, record: LedgerRecord, manifest: Manifest): void {
  const { predicate, subject } = manifest;
  const claiming = claimingOf(inspection, record, record.manifest.path);
  const byServer = predicate.kind !== 'caller';
  compare(claiming, 'attestedBy', byServer ? 'server' : 'caller', predicate.attestedBy);
  const hasOutcome = byServer && predicate.kind !== 'consensus';
  denyOutcome(claiming, hasOutcome ? decideOutcome(predicate.checks) : null, predicate.outcome);
  if ((predicate.verdict !== null) !== (predicate.kind === 'consensus'))
    deny(claiming, 'A consensus has a verdict, and nothing else has one.');
  if (!byServer && predicate.checks.length + predicate.waivers.length > 0)
    deny(claiming, 'What a caller attests has no checks of the server and no waivers.');
  warnOfTimes(claiming, predicate);
  const result = resultName(predicate, record.bundle);
  if (byServer && !subject.some(({ name }) => nameOf(name) === result))
    deny(claiming, `It claims to be a ${predicate.kind} run and has no result file to show for it.`);
}

/** A clock may jump, so that this alone is no proof of anything. */
function warnOfTimes({ report, place }: Claiming, { startedAt, endedAt, recordedAt }: Predicate): void {
  const [start, end, recorded] = [startedAt, endedAt, recordedAt].map(text => Date.parse(text));
  if (start === undefined || end === undefined || recorded === undefined) return;
  if (start <= end && end <= recorded) return;
  const message = `It started at ${startedAt}, ended at ${endedAt} and was recorded at ${recordedAt}: a clock jumped.`;
  report(finding('time-disorder', place(), message));
}

/** Whether the bytes of a file are needed to recompute what its bundle claims. */
export function isPayload(predicate: Predicate, bundle: string, path: string): boolean {
  if (predicate.kind === 'caller') return false;
  return (
    predicate.kind === 'consensus' ||
    nameOf(path) === resultName(predicate, bundle) ||
    /-hal-[a-z0-9_-]+\.json$/.test(path)
  );
}

/** Recomputes what a bundle of the server claims from its payloads. */
export function verifyPayloads(
  inspection: Inspection,
  record: LedgerRecord,
  manifest: Manifest,
  payloads: Payloads,
): void {
  const { predicate } = manifest;
  const result = [...payloads.keys()].find(path => nameOf(path) === resultName(predicate, record.bundle));
  const bytes = result === undefined ? undefined : payloads.get(result);
  if (result === undefined || bytes === undefined) return;
  const claiming = claimingOf(inspection, record, result);
  if (predicate.kind === 'consensus') {
    verifySynthesis(claiming, record, predicate, bytes);
    // With a file missing or changed, which is reported, the verdict cannot be computed again.
    if (payloads.size === manifest.subject.length) denyVerdict(inspection, record, payloads);
    return;
  }
  const checks = verifyTelemetry(claiming, record, manifest, bytes);
  if (checks !== undefined) denyCaptures(inspection, record, manifest, checks, payloads);
}

/** The verdict that the answers themselves come to, by the rules that made it. */
function denyVerdict(inspection: Inspection, record: LedgerRecord, payloads: Payloads): void {
  const files = new Map([...payloads].map(([path, bytes]) => [nameOf(path), bytes]));
  const folder = folderOf(record.manifest.path);
  for (const { file, message } of inspection.recompute?.(files).problems ?? []) {
    const path = files.has(file) ? `${folder}/${file}` : record.manifest.path;
    deny(claimingOf(inspection, record, path), message);
  }
}

function verifySynthesis(
  claiming: Claiming,
  record: LedgerRecord,
  { stage, verdict }: Predicate,
  bytes: Buffer,
): void {
  const synthesis = Synthesis.safeParse(parsed(bytes)).data;
  if (synthesis === undefined) {
    deny(claiming, 'The synthesis is malformed, so nothing supports the verdict.');
    return;
  }
  compare(claiming, 'specId', record.specId, synthesis.specId);
  compare(claiming, 'stage', `spec-${stage}`, synthesis.stage);
  compare(claiming, 'verdict', synthesis.status, verdict ?? 'none');
}
