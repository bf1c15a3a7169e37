import type { LedgerRecord, Manifest } from '../../schemas/evidence.js';
import type { Check } from '../../schemas/guardrail.js';
import { HalCapture } from '../../schemas/hal.js';
import { denialOf } from '../hal/judge-again.js';
import { claimingOf, compare, deny, type Payloads } from './claims.js';
import type { Inspection } from './inspection.js';
import { folderOf } from './layout.js';
import { parsed } from './records.js';

/** Each HAL check of a bundle against the capture of what came over the wire, which is judged anew. */
export function denyCaptures(
  inspection: Inspection,
  record: LedgerRecord,
  { subject }: Manifest,
  checks: readonly Check[],
  payloads: Payloads,
): void {
  const folder = folderOf(record.manifest.path);
  for (const { name, status } of checks) {
    const check = /^hal:(.+)$/.exec(name)?.[1];
    if (check === undefined || check === 'start') continue;
    const path = `${folder}/${record.bundle}-hal-${check}.json`;
    const isListed = subject.some(one => one.name === path);
    if (isListed) denyCapture(inspection, record, path, check, status, payloads.get(path));
    else if (status === 'passed')
      deny(
        claimingOf(inspection, record, record.manifest.path),
        `Its check ${name} passed, and no capture of it is in the bundle.`,
      );
  }
}

/** `bytes` are undefined when the file is not the recorded one, which is reported elsewhere. */
function denyCapture(
  inspection: Inspection,
  record: LedgerRecord,
  path: string,
  check: string,
  status: Check['status'],
  bytes: Buffer | undefined,
): void {
  if (bytes === undefined) return;
  const claiming = claimingOf(inspection, record, path);
  const capture = HalCapture.safeParse(parsed(bytes)).data;
  if (capture === undefined) {
    deny(claiming, `The capture of ${check} is malformed, so it shows nothing.`);
    return;
  }
  compare(claiming, 'check', check, capture.check);
  compare(claiming, 'specId', record.specId, capture.specId);
  compare(claiming, 'sessionId', record.bundle, capture.sessionId);
  compare(claiming, 'result', status, capture.result.status);
  const denial = status === 'passed' ? denialOf(capture) : undefined;
  if (denial !== undefined)
    deny(claiming, `hal:${check} claims to have passed; ${denial}.`, 'failed', 'passed');
}
