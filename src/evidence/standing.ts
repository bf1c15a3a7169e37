import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import type { StageStatus } from '../../schemas/status.js';
import type { Workspace } from '../workspace/workspace.js';
import { verifyAnchors } from './anchor.js';
import { recordPath } from './layout.js';
import { newestStages } from './stages.js';
import { trailerAnchors } from './trailers.js';
import { verifyLedger, verifyRecorded } from './verify-one.js';

/** Whether the ledger of a spec can be believed, whatever its bundles hold. */
export interface LedgerStanding {
  /** What speaks against it; empty when nothing does. */
  readonly problems: readonly string[];
  readonly records: number;
  /** Whether a commit anchors it, in a sentence for people. */
  readonly anchored: string;
}

/**
 * Its chain, what the newest record names, and that it still contains what trailers of commits say it did. Reads every record.
 */
export async function ledgerStanding(
  workspace: Workspace,
  root: string,
  specId: string,
): Promise<LedgerStanding> {
  const { records, findings } = verifyLedger(workspace, root, specId);
  const errors = [...findings, ...newestRecord(workspace, root, specId, records.at(-1)?.seq)]
    .filter(isError)
    .map(({ message }) => message);
  const held = await trailerAnchors(workspace, specId);
  const anchor = verifyAnchors(held, [{ specId, records }]);
  const anchored =
    held.length === 0
      ? 'No commit anchors it, so that nobody can tell whether all of it was rewritten.'
      : anchor.sentence;
  const problems = errors.length > 0 ? errors : anchor.findings.map(({ message }) => message);
  return { problems, records: records.length, anchored };
}

/** No later record holds the newest one: that it names a manifest which is there and says the same is all that speaks for it. */
function newestRecord(
  workspace: Workspace,
  root: string,
  specId: string,
  seq: number | undefined,
): readonly EvidenceFinding[] {
  if (seq === undefined) return [];
  const own = `${root}/${recordPath(specId, seq)}`;
  return verifyRecorded(workspace, root, specId, seq).filter(
    ({ code, file }) => code.startsWith('manifest-') || (code === 'claim-mismatch' && file === own),
  );
}

export interface VerifiedStages {
  readonly stages: StageStatus[];
  /** What is wrong with the ledger, if anything: then no stage is passed, because a newer run may be hidden. */
  readonly problem: string | undefined;
}

/** As `stagesOf`, with the ledger and every file of these bundles verified: what does not hold is never `passed`. */
export async function verifiedStages(
  workspace: Workspace,
  root: string,
  specId: string,
): Promise<VerifiedStages> {
  const newest = newestStages(workspace, root, specId);
  if (newest.length === 0) return { stages: [], problem: undefined };
  const { problems } = await ledgerStanding(workspace, root, specId);
  const [problem] = problems;
  const stages = newest.map(({ seq, status }): StageStatus => {
    const doubt =
      problem === undefined
        ? verifyRecorded(workspace, root, specId, seq).find(isError)?.message
        : 'The ledger does not verify.';
    return doubt === undefined ? status : doubted(status, doubt);
  });
  return { stages, problem };
}

function doubted(status: StageStatus, problem: string): StageStatus {
  return { ...status, outcome: status.outcome === 'passed' ? 'incomplete' : status.outcome, problem };
}

function isError({ severity }: EvidenceFinding): boolean {
  return severity === 'error';
}
