import * as z from 'zod';
import type { LedgerRecord, Manifest } from '../../schemas/evidence.js';
import { Check } from '../../schemas/guardrail.js';
import { Outcome } from '../../schemas/ids.js';
import { decideOutcome } from '../guardrail/outcome.js';
import { finding, type Place } from './findings.js';
import type { Inspection } from './inspection.js';
import { parsed } from './records.js';
import { telemetryOf } from './stages.js';

const Telemetry = z.object({
  command: z.string(),
  specId: z.string(),
  sessionId: z.string(),
  outcome: Outcome,
  checks: z.array(Check),
});

/** What a manifest says of itself has to agree with the record that names it, and its outcome with its checks. */
export function verifyClaims(
  inspection: Inspection,
  record: LedgerRecord,
  manifest: Manifest,
  place: Place,
): void {
  const { predicate } = manifest;
  const byServer = predicate.kind !== 'caller';
  compare(inspection, place, 'specId', record.specId, predicate.specId);
  compare(inspection, place, 'bundle', record.bundle, predicate.bundle);
  compare(inspection, place, 'recordedAt', record.at, predicate.recordedAt);
  compare(inspection, place, 'attestedBy', byServer ? 'server' : 'caller', predicate.attestedBy);
  verifyOutcomeOf(inspection, place, byServer ? decideOutcome(predicate.checks) : null, predicate.outcome);
  const { stage } = predicate;
  if (byServer && (stage === null || telemetryOf(manifest, stage, record.bundle) === undefined))
    inspection.report(
      finding('false-claim', place, 'It claims to be a guardrail and has no telemetry to show for it.'),
    );
}

/** The telemetry file of a guardrail, whose digest is right: it may still claim what its own checks deny. */
export function verifyTelemetry(
  inspection: Inspection,
  record: LedgerRecord,
  bytes: Buffer,
  place: Place,
): void {
  const telemetry = Telemetry.safeParse(parsed(bytes)).data;
  if (telemetry === undefined) {
    inspection.report(
      finding('false-claim', place, 'The telemetry is malformed, so its outcome cannot be recomputed.'),
    );
    return;
  }
  compare(inspection, place, 'specId', record.specId, telemetry.specId);
  compare(inspection, place, 'sessionId', record.bundle, telemetry.sessionId);
  verifyOutcomeOf(inspection, place, decideOutcome(telemetry.checks), telemetry.outcome);
}

function compare({ report }: Inspection, place: Place, name: string, expected: string, actual: string): void {
  if (expected === actual) return;
  report(
    finding(
      'claim-mismatch',
      { ...place, expected, actual },
      `Its ${name} is not that of record ${place.record}.`,
    ),
  );
}

function verifyOutcomeOf(
  { report }: Inspection,
  place: Place,
  recomputed: Outcome | null,
  claimed: Outcome | null,
): void {
  if (recomputed === claimed) return;
  const expected = recomputed ?? 'none';
  const actual = claimed ?? 'none';
  report(
    finding(
      'false-claim',
      { ...place, expected, actual },
      `It claims the outcome ${actual}; its own checks make it ${expected}.`,
    ),
  );
}
