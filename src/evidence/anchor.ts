import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import { finding } from './findings.js';
import { earlier } from './rebased.js';
import type { SpecVerdict } from './verify-spec.js';

export interface Anchor {
  /** Whether an anchor was used, and what follows from that. */
  readonly sentence: string;
  readonly findings: readonly EvidenceFinding[];
}

const NONE =
  'No anchor was used: this cannot tell whether the newest records were removed or all was rewritten. Keep a head of this report where the writer cannot reach it, and give it as expectHead.';

/** `expected` is `<SPEC-ID>@<seq>:<sha256>`; a chain that holds and contains that record contains all before it. */
export function verifyAnchor(expected: string | undefined, verdicts: readonly SpecVerdict[]): Anchor {
  if (expected === undefined) return { sentence: NONE, findings: [] };
  const [specId = '', seq = '', sha256 = ''] = expected.split(/[@:]/);
  const records = verdicts.find(verdict => verdict.specId === specId)?.records ?? [];
  const actual = records.find(record => record.seq === Number(seq))?.sha256;
  if (actual === sha256)
    return {
      sentence: `Anchor ${specId}@${seq} was used: the ledger still contains that record.`,
      findings: [],
    };
  const now = records.find(
    ({ record }) => record !== undefined && earlier(record).some(at => at.sha256 === sha256),
  );
  if (now !== undefined)
    return {
      sentence: `Anchor ${specId}@${seq} was used: that record is in the ledger as record ${now.seq}, since two branches were merged.`,
      findings: [],
    };
  const newest = records.at(-1)?.seq ?? 0;
  const message =
    actual === undefined
      ? `The ledger ends at record ${newest}: record ${seq} and what came with it were removed.`
      : `Record ${seq} is not the one that was anchored: the ledger was rewritten.`;
  const place = {
    specId,
    record: Number(seq),
    expected: sha256,
    ...(actual === undefined ? {} : { actual }),
  };
  return {
    sentence: `Anchor ${specId}@${seq} was used, and the ledger does not contain that record.`,
    findings: [finding('anchor-mismatch', place, message)],
  };
}
