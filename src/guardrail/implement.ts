import { commandCheck } from './command.js';
import {
  type Checked,
  type Guardrail,
  notConfigured,
  required,
  type StagePlan,
  type Step,
} from './guardrail.js';
import { branchName, holderOf, isMine, readLock, releaseLock, type Taking, takeLock } from './lock.js';
import { decideOutcome } from './outcome.js';
import { withPolicy } from './policy.js';

const LOCK = 'spec-lock';
const HOOK = 'file-hook';
const KEPT = 'lock-kept';

/**
 * Takes the lock first, so that the hook runs under it. A lock that this run took and did not pass with is released again;
 * one that was held before stays.
 */
export function implementStage(guardrail: Guardrail): StagePlan {
  let tookIt = false;
  const lockStep: Step = {
    name: LOCK,
    async run() {
      const taking = await takeLock(guardrail, guardrail.orders.takeOver !== undefined);
      tookIt = taking.kind === 'taken' || taking.kind === 'taken_over';
      return lockCheck(guardrail, taking);
    },
  };
  const letGo = () => releaseOwn(guardrail);
  return {
    steps: withPolicy([lockStep, fileHook]),
    conclude: {
      name: KEPT,
      run: (_, before) => keepOrRelease(guardrail, before, tookIt ? letGo : undefined),
    },
    undo: async () => {
      if (tookIt) await letGo();
    },
    fields: done => ({
      command: 'spec-ops-implement',
      lock_status: statusOf(done, KEPT) === 'passed' ? 'locked' : 'failed',
      hook_status: hookStatus(done),
    }),
  };
}

function lockCheck({ source, packet, orders }: Guardrail, taking: Taking): Checked {
  const { specId } = packet;
  switch (taking.kind) {
    case 'taken':
      return required(LOCK, 'passed', `${branchName(source.head.branch)} of this work tree took the lock.`);
    case 'mine':
      return required(
        LOCK,
        'passed',
        `${branchName(source.head.branch)} of this work tree holds the lock already, since ${taking.lock.at}.`,
      );
    case 'taken_over': {
      const { identity = '', reason = '' } = orders.takeOver ?? {};
      const from = `Taken over from ${holderOf(taking.from)}, whose process is gone.`;
      const waiver = { check: LOCK, by: identity, reason: `${reason} ${from}`.trim() };
      return { ...required(LOCK, 'waived', from), waiver };
    }
    case 'held':
      return required(
        LOCK,
        'failed',
        `${specId} is held by ${holderOf(taking.lock)}. ${wayOut(specId, taking.stale)}`,
      );
    case 'damaged':
      return required(
        LOCK,
        'failed',
        `The lock file of ${specId} is damaged, so nobody can tell who holds it. When nobody works on ${specId}, a person removes it with ${forced(specId)}.`,
      );
  }
}

function wayOut(specId: string, stale: boolean): string {
  return stale
    ? `The process that took it is gone, as it is after every command, so the lock may be stale. When its work is given up, a person takes over with \`spec-kit-mcp guardrail implement ${specId} --take-over\`.`
    : `Work there, or unlock it there. When its work is given up, a person releases it with ${forced(specId)}.`;
}

export function forced(specId: string): string {
  return `\`spec-kit-mcp guardrail unlock ${specId} --force --reason "..."\``;
}

/** The command that looks at the files under work, if one is configured. */
const fileHook: Step = {
  name: HOOK,
  run({ settings, ...rest }, before) {
    const name = settings.guardrail.implement.file_hook;
    if (name === undefined)
      return notConfigured(HOOK, 'Not run: no guardrail.implement.file_hook is configured.');
    if (!isHeld(before)) return required(HOOK, 'not_run', `"${name}": it did not run without the lock.`);
    return commandCheck({ settings, ...rest }, HOOK, name);
  },
};

function isHeld(done: readonly Checked[]): boolean {
  return ['passed', 'waived'].includes(statusOf(done, LOCK) ?? '');
}

async function keepOrRelease(
  guardrail: Guardrail,
  before: readonly Checked[],
  release: (() => Promise<void>) | undefined,
): Promise<Checked> {
  if (!isHeld(before)) return required(KEPT, 'not_run', 'Not run: this run has no lock to keep.');
  const outcome = decideOutcome(before.map(({ check }) => check));
  if (outcome !== 'passed' && release !== undefined) {
    await release();
    return required(KEPT, 'not_run', 'The other checks did not all pass, so the lock was released again.');
  }
  const held = readLock(guardrail.workspace, guardrail.packet.specId);
  if (held === undefined || held === 'damaged' || !isMine(guardrail, held))
    return required(
      KEPT,
      'failed',
      'The lock was taken away while this run went on. Run the guardrail again.',
    );
  return required(KEPT, 'passed', 'The lock is held until the unlock stage releases it.');
}

async function releaseOwn({ workspace, packet, sessionId }: Guardrail): Promise<void> {
  await releaseLock(
    workspace,
    packet.specId,
    held => held !== undefined && held !== 'damaged' && held.session === sessionId,
  );
}

/** The format knows no third word: `ok` also where no hook is configured, which the check says. */
function hookStatus(done: readonly Checked[]): 'ok' | 'failed' {
  const hook = done.find(({ check }) => check.name === HOOK)?.check;
  return hook?.status === 'passed' || hook?.required === false ? 'ok' : 'failed';
}

function statusOf(done: readonly Checked[], name: string): Checked['check']['status'] | undefined {
  return done.find(({ check }) => check.name === name)?.check.status;
}
