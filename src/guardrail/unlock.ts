import { findBundle } from '../evidence/find-bundle.js';
import { verifiedStages } from '../evidence/standing.js';
import { checkCleanTree, cleanTree } from './clean-tree.js';
import { ledgerOf } from './earlier-stages.js';
import { type Checked, type Guardrail, required, type StagePlan, type Step } from './guardrail.js';
import { forced } from './implement.js';
import { lineageOf } from './lineage.js';
import { branchName, type Held, holderOf, isMine, readLock, releaseLock, restoreLock } from './lock.js';
import { decideOutcome } from './outcome.js';
import { withPolicy } from './policy.js';

export const AUDIT_CHECK = 'audit-passed';
const HELD = 'lock-held';
const RELEASED = 'lock-released';

/** The lock goes last, when all other checks passed; a run that could not be recorded puts it back. */
export function unlockStage(guardrail: Guardrail): StagePlan {
  const { workspace, packet } = guardrail;
  let removed: Buffer | undefined;
  const conclude: Step = {
    name: RELEASED,
    async run(_, before) {
      if (decideOutcome(before.map(({ check }) => check)) !== 'passed')
        return required(RELEASED, 'not_run', 'Not run: it is released only when every other check passed.');
      removed = await releaseLock(workspace, packet.specId, held => mayRelease(guardrail, held));
      return removed === undefined
        ? required(RELEASED, 'failed', 'The lock changed hands while this run went on, and stays as it is.')
        : required(RELEASED, 'passed', `The lock of ${packet.specId} is released.`);
    },
  };
  return {
    steps: withPolicy([nothingUncommitted, auditPassed, lockHeld]),
    conclude,
    undo: async () => {
      if (removed !== undefined) await restoreLock(workspace, packet.specId, removed);
    },
    fields: done => ({
      command: 'spec-ops-unlock',
      unlock_status: done.some(({ check }) => check.name === RELEASED && check.status === 'passed')
        ? 'unlocked'
        : 'failed',
    }),
  };
}

/** What is uncommitted was never audited. */
const nothingUncommitted: Step = {
  name: cleanTree.name,
  async run(guardrail) {
    const checked = await checkCleanTree(guardrail);
    return checked.check.status === 'failed' ? excuse(guardrail, checked) : checked;
  },
};

/** The newest audit passed, recomputed, and what it looked at is what is here. */
const auditPassed: Step = {
  name: AUDIT_CHECK,
  async run(guardrail) {
    const problem = await auditProblem(guardrail);
    if (problem === undefined)
      return required(AUDIT_CHECK, 'passed', 'The newest audit passed at this commit.');
    return excuse(guardrail, required(AUDIT_CHECK, 'failed', `${problem} Run the audit guardrail first.`));
  },
};

async function auditProblem(guardrail: Guardrail): Promise<string | undefined> {
  const { workspace, settings, packet } = guardrail;
  const root = settings.workspace.evidence_root;
  const { stages } = await verifiedStages(workspace, root, packet.specId);
  const audit = stages.find(({ stage }) => stage === 'audit');
  if (audit === undefined) return `There is no audit of ${packet.specId}.`;
  const { problem } = await ledgerOf(guardrail);
  if (problem !== undefined) return `${problem} A newer audit may be hidden.`;
  if (audit.problem !== undefined)
    return `The newest audit, ${audit.bundle}, does not verify: ${audit.problem}`;
  if (audit.outcome !== 'passed') return `The newest audit, ${audit.bundle}, is ${audit.outcome}.`;
  const since = stages.find(({ stage, outcome }) => stage !== 'unlock' && outcome !== 'passed');
  if (since !== undefined)
    return `The newest ${since.stage} run, ${since.bundle}, is ${since.outcome}, and the audit did not count it. Run ${since.stage} again.`;
  const manifest = findBundle(workspace, root, packet.specId, audit.bundle)?.manifest;
  if (manifest === undefined) return `The manifest of the newest audit, ${audit.bundle}, was changed.`;
  const lineage = await lineageOf(guardrail, manifest.predicate.source);
  return lineage.kind === 'here'
    ? undefined
    : `The newest audit, ${audit.bundle}, does not speak for this commit: ${lineage.why}.`;
}

const lockHeld: Step = {
  name: HELD,
  run(guardrail) {
    const { workspace, packet, source } = guardrail;
    const held = readLock(workspace, packet.specId);
    const here = `${branchName(source.head.branch)} of this work tree`;
    if (held === undefined)
      return required(
        HELD,
        'failed',
        `Nobody holds the lock of ${packet.specId}, so there is nothing to release.`,
      );
    if (held !== 'damaged' && isMine(guardrail, held))
      return required(HELD, 'passed', `${here} holds the lock since ${held.at}.`);
    const whose = held === 'damaged' ? 'a damaged lock file, so nobody can tell whose it is' : holderOf(held);
    const message = `The lock of ${packet.specId} is not held by ${here}: there is ${whose}. When its work is given up, a person releases it with ${forced(packet.specId)}.`;
    return excuse(guardrail, required(HELD, 'failed', message));
  },
};

/** What a person forces is waived, never passed. */
function excuse({ orders }: Guardrail, checked: Checked): Checked {
  if (orders.force === undefined) return checked;
  const { name, message } = checked.check;
  const { identity, reason } = orders.force;
  return { ...required(name, 'waived', message), waiver: { check: name, by: identity, reason } };
}

function mayRelease(guardrail: Guardrail, held: Held): boolean {
  if (guardrail.orders.force !== undefined) return held !== undefined;
  return held !== undefined && held !== 'damaged' && isMine(guardrail, held);
}
