import * as z from 'zod';
import type { LedgerRecord, Manifest, Predicate } from '../../schemas/evidence.js';
import { Check } from '../../schemas/guardrail.js';
import { Outcome, Verdict } from '../../schemas/ids.js';
import { decideOutcome } from '../guardrail/outcome.js';
import { finding, type Place } from './findings.js';
import type { Inspection } from './inspection.js';
import { nameOf, resultName } from './layout.js';
import { parsed } from './records.js';

const Telemetry = z.object({
  command: z.string(),
  specId: z.string(),
  sessionId: z.string(),
  outcome: Outcome,
  checks: z.array(Check),
});

const Synthesis = z.object({ stage: z.string(), specId: z.string(), status: Verdict });

/** The manifest is the one that the record names by digest, so where they disagree the record was changed. */
export function verifyAgreement(
  inspection: Inspection,
  record: LedgerRecord,
  { predicate }: Manifest,
  place: () => Place,
): void {
  compare(inspection, place, 'specId', predicate.specId, record.specId);
  compare(inspection, place, 'bundle', predicate.bundle, record.bundle);
  compare(inspection, place, 'at', predicate.recordedAt, record.at);
}

/** What a manifest claims has to follow from what it lists. */
export function verifyClaims(
  inspection: Inspection,
  record: LedgerRecord,
  manifest: Manifest,
  place: () => Place,
): void {
  const { predicate } = manifest;
  const byServer = predicate.kind !== 'caller';
  compare(inspection, place, 'attestedBy', byServer ? 'server' : 'caller', predicate.attestedBy);
  const hasOutcome = byServer && predicate.kind !== 'consensus';
  verifyOutcomeOf(inspection, place, hasOutcome ? decideOutcome(predicate.checks) : null, predicate.outcome);
  if ((predicate.verdict !== null) !== (predicate.kind === 'consensus'))
    inspection.report(
      finding('false-claim', place(), 'A consensus has a verdict, and nothing else has one.'),
    );
  const result = resultName(predicate, record.bundle);
  if (byServer && !manifest.subject.some(({ name }) => nameOf(name) === result))
    inspection.report(
      finding(
        'false-claim',
        place(),
        `It claims to be a ${predicate.kind} run and has no result file to show for it.`,
      ),
    );
}

/** The result file of a bundle of the server, whose digest is right, against what the bundle claims. */
export function verifyResult(
  inspection: Inspection,
  record: LedgerRecord,
  predicate: Predicate,
  bytes: Buffer,
  place: () => Place,
): void {
  if (predicate.kind === 'consensus') verifySynthesis(inspection, record, predicate, bytes, place);
  else verifyTelemetry(inspection, record, bytes, place);
}

function verifySynthesis(
  inspection: Inspection,
  record: LedgerRecord,
  { stage, verdict }: Predicate,
  bytes: Buffer,
  place: () => Place,
): void {
  const synthesis = Synthesis.safeParse(parsed(bytes)).data;
  if (synthesis === undefined) {
    inspection.report(
      finding('false-claim', place(), 'The synthesis is malformed, so nothing supports the verdict.'),
    );
    return;
  }
  compare(inspection, place, 'specId', record.specId, synthesis.specId);
  compare(inspection, place, 'stage', `spec-${stage}`, synthesis.stage);
  compare(inspection, place, 'verdict', synthesis.status, verdict ?? 'none');
}

/** The telemetry file of a guardrail, whose digest is right: it may still claim what its own checks deny. */
function verifyTelemetry(
  inspection: Inspection,
  record: LedgerRecord,
  bytes: Buffer,
  place: () => Place,
): void {
  const telemetry = Telemetry.safeParse(parsed(bytes)).data;
  if (telemetry === undefined) {
    inspection.report(
      finding('false-claim', place(), 'The telemetry is malformed, so its outcome cannot be recomputed.'),
    );
    return;
  }
  compare(inspection, place, 'specId', record.specId, telemetry.specId);
  compare(inspection, place, 'sessionId', record.bundle, telemetry.sessionId);
  verifyOutcomeOf(inspection, place, decideOutcome(telemetry.checks), telemetry.outcome);
}

function compare(
  { report }: Inspection,
  place: () => Place,
  name: string,
  expected: string,
  actual: string,
): void {
  if (expected === actual) return;
  report(
    finding(
      'claim-mismatch',
      { ...place(), expected, actual },
      `Its ${name} is not what the rest of record ${place().record} makes it.`,
    ),
  );
}

function verifyOutcomeOf(
  { report }: Inspection,
  place: () => Place,
  recomputed: Outcome | null,
  claimed: Outcome | null,
): void {
  if (recomputed === claimed) return;
  const expected = recomputed ?? 'none';
  const actual = claimed ?? 'none';
  report(
    finding(
      'false-claim',
      { ...place(), expected, actual },
      `It claims the outcome ${actual}; its own checks make it ${expected}.`,
    ),
  );
}
