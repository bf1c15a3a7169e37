import type {
  EvidenceFinding,
  OriginCounts,
  VerifyOutcome,
  VerifyReport,
} from '../../schemas/evidence-tools.js';
import type { VerifyEvidenceInput } from '../../schemas/inputs/evidence.js';
import { countVerdicts } from '../origin/findings.js';
import type { Survey } from '../origin/survey.js';
import type { Workspace } from '../workspace/workspace.js';
import { verifyOutcome } from './findings.js';
import type { SpecVerdict } from './verify-spec.js';

/** How many findings a report shows, and how many bytes of them. */
export interface Room {
  readonly findings: number;
  readonly bytes: number;
}

/** What a model is shown at once. */
export const SHORT: Room = { findings: 20, bytes: 6 * 1024 };
const MAX_HEADS = 10;
const RANK = { error: 0, warning: 1, info: 2 } as const;

export interface Verified {
  readonly input: Partial<VerifyEvidenceInput>;
  readonly verdicts: readonly SpecVerdict[];
  readonly survey: Survey;
  readonly findings: readonly EvidenceFinding[];
  readonly anchor: string;
}

/** Bounded: whoever is tampered with in a thousand places is told the first ones and the count. */
export function reportOf({ label }: Workspace, verified: Verified, room: Room): VerifyReport {
  const { input, verdicts, findings: found, anchor } = verified;
  const sorted = [...found].sort(byWeight);
  const from = input.from ?? 0;
  const findings = firstThatFit(sorted.slice(from, from + room.findings), room.bytes);
  const outcome = verifyOutcome(found);
  const counts = countsOf(verified);
  const omitted = Math.max(0, sorted.length - from - findings.length);
  return {
    anchor,
    workspace: label,
    outcome,
    summary: summarise(outcome, counts, sorted[0]),
    counts,
    heads: verdicts.flatMap(headOf).slice(0, MAX_HEADS),
    findings,
    omitted,
    next: nextCall(verified, omitted > 0 ? from + findings.length : undefined),
  };
}

function nextCall({ input, verdicts }: Verified, from: number | undefined): VerifyReport['next'] {
  const { workspace: _, from: __, ...same } = input;
  if (from !== undefined) return { tool: 'verify_evidence', arguments: { ...same, from } };
  const [only] = verdicts;
  const alone = only !== undefined && verdicts.length === 1;
  return { tool: 'spec_status', arguments: alone ? { specId: only.specId } : {} };
}

function countsOf({ verdicts, survey, findings }: Verified): VerifyReport['counts'] {
  const sum = (of: (verdict: SpecVerdict) => number) =>
    verdicts.reduce((total, verdict) => total + of(verdict), 0);
  return {
    error: findings.filter(({ severity }) => severity === 'error').length,
    warning: findings.filter(({ severity }) => severity === 'warning').length,
    info: findings.filter(({ severity }) => severity === 'info').length,
    specs: verdicts.length,
    records: sum(({ records }) => records.length),
    files: sum(({ files }) => files),
    bytes: sum(({ bytes }) => bytes),
    unverifiable: survey.others.length,
    ...(survey.bundles.length > 0 ? { origin: countVerdicts(survey) } : {}),
  };
}

function byWeight(a: EvidenceFinding, b: EvidenceFinding): number {
  if (a.severity !== b.severity) return RANK[a.severity] - RANK[b.severity];
  if (a.specId !== b.specId) return a.specId < b.specId ? -1 : 1;
  return (a.record ?? Number.MAX_SAFE_INTEGER) - (b.record ?? Number.MAX_SAFE_INTEGER);
}

function firstThatFit(findings: readonly EvidenceFinding[], room: number): EvidenceFinding[] {
  const kept: EvidenceFinding[] = [];
  let bytes = 0;
  for (const one of findings) {
    bytes += Buffer.byteLength(JSON.stringify(one));
    if (bytes > room && kept.length > 0) break;
    kept.push(one);
  }
  return kept;
}

function summarise(
  outcome: VerifyOutcome,
  counts: VerifyReport['counts'],
  first: EvidenceFinding | undefined,
): string {
  const { error, warning, origin } = counts;
  if (first?.code === 'no-evidence' && origin === undefined) return first.message;
  const what = whatOf(counts);
  if (outcome === 'ok') return `${what} verify${warning === 0 ? '' : `, with ${warning} warnings`}.`;
  const where = [first?.record === undefined ? undefined : `record ${first.record}`, first?.file]
    .filter(part => part !== undefined)
    .join(', ');
  const count = outcome === 'incomplete' ? `${warning} warnings` : `${error} errors`;
  return `${what}: ${count}. First, ${first?.code ?? ''}${where === '' ? '' : ` at ${where}`}: ${first?.message ?? ''}`;
}

function whatOf({ records, files, origin }: VerifyReport['counts']): string {
  const ours = `${records} records and ${files} files`;
  if (origin === undefined) return ours;
  const theirs = `${inWords(origin)} without manifests`;
  return records === 0 ? theirs : `${ours}, ${theirs}`;
}

function inWords(origin: OriginCounts): string {
  const { sound, honest_failure, incomplete, invalid } = origin;
  const all = sound + honest_failure + incomplete + origin.false + invalid;
  return `${all} bundles (${sound} sound, ${honest_failure} honest failures, ${incomplete} incomplete, ${origin.false} false, ${invalid} invalid)`;
}

function headOf({ specId, records }: SpecVerdict): readonly string[] {
  const newest = records.at(-1);
  return newest === undefined || newest.sha256 === '' ? [] : [`${specId}@${newest.seq}:${newest.sha256}`];
}
