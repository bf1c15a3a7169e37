import type { EvidenceFinding, VerifyOutcome, VerifyReport } from '../../schemas/evidence-tools.js';
import type { Workspace } from '../workspace.js';
import { verifyOutcome } from './findings.js';
import type { SpecVerdict } from './verify-spec.js';

const MAX_FINDINGS = 20;
const MAX_FINDING_BYTES = 6 * 1024;
const MAX_HEADS = 10;
const RANK = { error: 0, warning: 1, info: 2 } as const;

/** Bounded: whoever is tampered with in a thousand places is told the first ones and the count. */
export function reportOf(
  { label }: Workspace,
  verdicts: readonly SpecVerdict[],
  found: readonly EvidenceFinding[],
  anchor: string,
): VerifyReport {
  const sorted = [...found].sort(byWeight);
  const findings = firstThatFit(sorted);
  const outcome = verifyOutcome(found);
  const sum = (of: (verdict: SpecVerdict) => number) =>
    verdicts.reduce((total, verdict) => total + of(verdict), 0);
  const counts = {
    error: found.filter(({ severity }) => severity === 'error').length,
    warning: found.filter(({ severity }) => severity === 'warning').length,
    info: found.filter(({ severity }) => severity === 'info').length,
    specs: verdicts.length,
    records: sum(({ records }) => records.length),
    files: sum(({ files }) => files),
    bytes: sum(({ bytes }) => bytes),
    unverifiable: sum(({ unverifiable }) => unverifiable.length),
  };
  const [only] = verdicts;
  return {
    anchor,
    workspace: label,
    outcome,
    summary: summarise(outcome, counts, sorted[0]),
    counts,
    heads: verdicts.flatMap(headOf).slice(0, MAX_HEADS),
    findings,
    omitted: sorted.length - findings.length,
    next: {
      tool: 'spec_status',
      arguments: only !== undefined && verdicts.length === 1 ? { specId: only.specId } : {},
    },
  };
}

function byWeight(a: EvidenceFinding, b: EvidenceFinding): number {
  if (a.severity !== b.severity) return RANK[a.severity] - RANK[b.severity];
  if (a.specId !== b.specId) return a.specId < b.specId ? -1 : 1;
  return (a.record ?? Number.MAX_SAFE_INTEGER) - (b.record ?? Number.MAX_SAFE_INTEGER);
}

function firstThatFit(findings: readonly EvidenceFinding[]): EvidenceFinding[] {
  const kept: EvidenceFinding[] = [];
  let bytes = 0;
  for (const one of findings.slice(0, MAX_FINDINGS)) {
    bytes += Buffer.byteLength(JSON.stringify(one));
    if (bytes > MAX_FINDING_BYTES && kept.length > 0) break;
    kept.push(one);
  }
  return kept;
}

function summarise(
  outcome: VerifyOutcome,
  { records, files, error, warning }: VerifyReport['counts'],
  first: EvidenceFinding | undefined,
): string {
  const what = `${records} records and ${files} files`;
  if (outcome === 'ok' && records === 0)
    return 'No evidence is recorded yet, so there was nothing to verify.';
  if (outcome === 'ok') return `${what} verify${warning === 0 ? '' : `, with ${warning} warnings`}.`;
  const where = [first?.record === undefined ? undefined : `record ${first.record}`, first?.file]
    .filter(part => part !== undefined)
    .join(', ');
  const count = outcome === 'incomplete' ? `${warning} warnings` : `${error} errors`;
  return `${what}: ${count}. First, ${first?.code ?? ''}${where === '' ? '' : ` at ${where}`}: ${first?.message ?? ''}`;
}

function headOf({ specId, records }: SpecVerdict): readonly string[] {
  const newest = records.at(-1);
  return newest === undefined || newest.sha256 === '' ? [] : [`${specId}@${newest.seq}:${newest.sha256}`];
}
