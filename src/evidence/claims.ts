import type { LedgerRecord } from '../../schemas/evidence.js';
import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import type { Outcome } from '../../schemas/ids.js';
import { finding, type Place } from './findings.js';
import { type Inspection, placeOf } from './inspection.js';

/** A file whose claims are held against something, and where findings about it go. */
export interface Claiming {
  report(found: EvidenceFinding): void;
  place(): Place;
}

/** Files of a bundle whose digests are right, by their paths: what its claims are recomputed from. */
export type Payloads = ReadonlyMap<string, Buffer>;

/** `path` is relative to the evidence root. */
export function claimingOf(inspection: Inspection, record: LedgerRecord, path: string): Claiming {
  return { report: found => inspection.report(found), place: () => placeOf(inspection, record, path) };
}

/** Two places that say the same thing about a run have to agree. */
export function compare(claiming: Claiming, name: string, expected: string, actual: string): void {
  if (expected === actual) return;
  const place = claiming.place();
  const message = `Its ${name} is not what the rest of record ${place.record} makes it.`;
  claiming.report(finding('claim-mismatch', { ...place, expected, actual }, message));
}

/** A claim that nothing supports. */
export function deny(claiming: Claiming, message: string, expected?: string, actual?: string): void {
  const values = expected === undefined || actual === undefined ? {} : { expected, actual };
  claiming.report(finding('false-claim', { ...claiming.place(), ...values }, message));
}

export function denyOutcome(claiming: Claiming, recomputed: Outcome | null, claimed: Outcome | null): void {
  if (recomputed === claimed) return;
  const expected = recomputed ?? 'none';
  const actual = claimed ?? 'none';
  deny(claiming, `It claims the outcome ${actual}; its own checks make it ${expected}.`, expected, actual);
}
