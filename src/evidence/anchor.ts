import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import { finding } from './findings.js';
import { earlier } from './rebased.js';
import type { SpecVerdict } from './verify-spec.js';

/** What an anchor is looked for in. */
type Ledger = Pick<SpecVerdict, 'specId' | 'records'>;

/**
 * What the ledger said at a time, kept where it is hard to change: `head` is `<SPEC-ID>@<seq>:<sha256>`, `from` says in
 * brackets where it was kept ('' for one that was given). `problem`: why that place cannot be believed.
 */
export type Held = { readonly from: string } & ({ readonly head: string } | { readonly problem: string });

export interface Anchor {
  /** Whether anchors were used, and what follows from that. */
  readonly sentence: string;
  readonly findings: readonly EvidenceFinding[];
}

const NONE =
  'No anchor was used: this cannot tell whether the newest records were removed or all was rewritten. Keep a head of this report where the writer cannot reach it, and give it to a later verification (expectHead, or --expect-head).';
const SHOWN = 3;

/** A chain that holds and contains an anchored record contains all before it. */
export function verifyAnchors(held: readonly Held[], verdicts: readonly Ledger[]): Anchor {
  if (held.length === 0) return { sentence: NONE, findings: [] };
  const judged = held.map(each =>
    'head' in each ? judge(each.head, each.from, verdicts) : unbelievable(each),
  );
  const anchored = new Set(held.map(each => ('head' in each ? each.head.split('@')[0] : '')));
  const others = verdicts.filter(({ specId, records }) => records.length > 0 && !anchored.has(specId));
  const without =
    others.length === 0
      ? []
      : [
          `No anchor for ${others
            .slice(0, SHOWN)
            .map(({ specId }) => specId)
            .join(', ')}${others.length > SHOWN ? ` and ${others.length - SHOWN} more` : ''}.`,
        ];
  const more = judged.length > SHOWN ? [`${judged.length - SHOWN} more anchors were used.`] : [];
  return {
    sentence: [...judged.slice(0, SHOWN).map(({ sentence }) => sentence), ...more, ...without].join(' '),
    findings: judged.flatMap(({ findings }) => findings),
  };
}

function judge(head: string, from: string, verdicts: readonly Ledger[]): Anchor {
  const [specId = '', seq = '', sha256 = ''] = head.split(/[@:]/);
  const records = verdicts.find(verdict => verdict.specId === specId)?.records ?? [];
  const used = `Anchor ${specId}@${seq} was used${from === '' ? '' : ` (${from})`}`;
  const actual = records.find(record => record.seq === Number(seq))?.sha256;
  if (actual === sha256) return { sentence: `${used}: the ledger still contains that record.`, findings: [] };
  const now = records.find(
    ({ record }) => record !== undefined && earlier(record).some(at => at.sha256 === sha256),
  );
  if (now !== undefined)
    return {
      sentence: `${used}: that record is in the ledger as record ${now.seq}, since two branches were merged.`,
      findings: [],
    };
  const message =
    actual === undefined
      ? gone(specId, seq, records.at(-1)?.seq)
      : `Record ${seq} is not the one that was anchored: the ledger was rewritten.`;
  const place = {
    specId,
    record: Number(seq),
    expected: sha256,
    ...(actual === undefined ? {} : { actual }),
  };
  return {
    sentence: `${used}, and the ledger does not contain that record.`,
    findings: [finding('anchor-mismatch', place, message)],
  };
}

function gone(specId: string, seq: string, last: number | undefined): string {
  return last === undefined
    ? `There is no ledger of ${specId} here: it was removed, or the head is of another repository.`
    : `The ledger of ${specId} ends at record ${last}: record ${seq} and what came with it were removed.`;
}

function unbelievable({ from, problem }: { readonly from: string; readonly problem: string }): Anchor {
  return {
    sentence: `An anchor was not believed (${from}).`,
    findings: [finding('anchor-mismatch', { specId: '' }, problem)],
  };
}
