import type { Stage } from '../../schemas/ids.js';
import { SpecError } from '../errors.js';
import { canonicalJson } from '../evidence/canonical.js';
import { findBundle } from '../evidence/find-bundle.js';
import { redactorOf } from '../evidence/redaction.js';
import { guardrailOutcome } from '../evidence/stages.js';
import { verifyRecorded } from '../evidence/verify-one.js';
import { findPacket } from '../packet/find.js';
import { endingWords } from '../pipeline/take-up.js';
import type { LoadedSettings } from '../settings/load.js';
import type { Workspace } from '../workspace/workspace.js';
import { type Prepared, prepare } from './begin.js';
import { type Answer, readState, type StageState, type StoredState, whoWrote } from './state.js';

interface Asked {
  readonly specId: string;
  readonly stage: Stage;
  readonly runId: string;
}

/**
 * The state that a run goes on from. It lies in the repository, where anybody can edit it. What this process wrote itself is
 * taken as it is; of any other, all that can be looked up is looked up, and the answers in it are the caller's word.
 * Throws NOT_FOUND, REFUSED when it was changed or is about something else than what is here.
 */
export async function takenUp(
  workspace: Workspace,
  loaded: LoadedSettings,
  asked: Asked,
): Promise<StoredState> {
  const root = loaded.settings.workspace.evidence_root;
  const stored = readState(workspace, root, asked.runId);
  const { state } = stored;
  const writer = whoWrote(workspace, stored);
  if (writer === 'somebody' || state.specId !== asked.specId || state.stage !== asked.stage)
    throw refused(asked, 'its working files were changed by somebody else');
  if (writer === 'this process') return stored;
  assertGuardrail(workspace, root, state);
  const differing = differences(await preparedNow(workspace, loaded, state), state);
  if (differing.length > 0)
    throw refused(asked, `what its agents are asked about is not what is here now (${differing.join(', ')})`);
  return { ...stored, state: { ...state, answers: state.answers.map(asserted) } };
}

/** As it would be stored. */
async function preparedNow(
  workspace: Workspace,
  loaded: LoadedSettings,
  { specId, stage, goal }: StageState,
): Promise<Prepared> {
  const packet = findPacket(workspace, loaded.settings.workspace.docs_root, specId);
  return redactorOf(workspace).json(await prepare(workspace, loaded, packet, stage, goal ?? undefined));
}

const LOOKED_UP = [
  'packet',
  'promptVersion',
  'promptSource',
  'templates',
  'documents',
  'receipt',
  'specCut',
  'criteria',
  'findings',
  'stages',
] as const;

function differences(now: Prepared, state: StageState): readonly string[] {
  const differs = (one: unknown, other: unknown) =>
    canonicalJson(one ?? null) !== canonicalJson(other ?? null);
  const seats = state.seats.filter(({ again }) => !again);
  return [
    ...LOOKED_UP.filter(name => differs(now[name], state[name])),
    ...(differs(now.seats, seats) ? ['seats'] : []),
    ...(differs(now.target?.path, state.target?.path) ? ['target'] : []),
  ];
}

/** It passed, by its own evidence, at the commit that the run speaks about. */
function assertGuardrail(workspace: Workspace, root: string, state: StageState): void {
  const { specId, stage, source } = state;
  const recorded = findBundle(workspace, root, specId, state.guardrail.bundle);
  const holds =
    recorded !== undefined &&
    verifyRecorded(workspace, root, specId, recorded.seq).every(({ severity }) => severity !== 'error') &&
    guardrailOutcome(workspace, root, stage, recorded) === 'passed' &&
    recorded.manifest?.predicate.source.commit === source.commit;
  if (holds && state.guardrail.outcome === 'passed') return;
  throw refused(state, 'the guardrail that it builds on did not pass or is not the one of its commit');
}

/** Nobody can tell any more whether the server asked for it. */
function asserted(answer: Answer): Answer {
  if (answer.provenance.source === 'client' || answer.output === null) return answer;
  const unknown = { model_requested: null, model_served: null, request_id: null };
  return {
    ...answer,
    provenance: { ...answer.provenance, source: 'client', provider: 'client', ...unknown },
  };
}

function refused(run: Pick<Asked, 'specId' | 'runId'>, why: string): SpecError {
  return new SpecError(
    'REFUSED',
    `Run ${run.runId} cannot go on: ${why}. End it with ${endingWords(run)} and begin a new one.`,
  );
}
