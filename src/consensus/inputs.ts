import type { ConsensusInputs } from '../../schemas/consensus.js';
import { bundleFolders } from '../evidence/layout.js';
import type { Workspace } from '../workspace/workspace.js';
import { repositoryOf } from './citations.js';
import { type Answer, type StageState, validOutput } from './state.js';

/** A provider that read less of a prompt than this part of our own low estimate has cut it. */
const READ_AT_LEAST = 0.6;

/** What the synthesis reads beside the answers. `extra`: outputs that are no answers of seats. Throws GIT_UNAVAILABLE. */
export async function inputsOf(
  workspace: Workspace,
  root: string,
  state: StageState,
  promptTokens: (role: Answer['role']) => number,
  extra: readonly Record<string, unknown>[],
): Promise<ConsensusInputs> {
  const outputs = state.seats.flatMap(({ role }) => {
    const output = validOutput(state, role);
    return output === undefined ? [] : [output];
  });
  return {
    schemaVersion: 1,
    stage: state.stage,
    specId: state.specId,
    run_id: state.runId,
    prompt_version: state.promptVersion,
    criteria: state.criteria.map(({ id, text }) => ({ id, text })),
    repository: repositoryOf(await pathsOf(workspace, root, state.specId), [...outputs, ...extra]),
    truncated: state.receipt.filter(({ linesOmitted }) => linesOmitted > 0).map(({ name }) => name),
    truncated_by_provider: state.answers
      .filter(answer => wasCut(answer, promptTokens(answer.role)))
      .map(({ role }) => role),
    budget_stop: state.budgetStop,
    canary: state.canary,
  };
}

/** What git tracks, and the evidence of the spec, which need not be committed yet. */
async function pathsOf(
  { git, files }: Workspace,
  root: string,
  specId: string,
): Promise<ReadonlySet<string>> {
  const evidence = bundleFolders(specId).flatMap(folder =>
    files.list(`${root}/${folder}`).map(({ name }) => `${root}/${folder}/${name}`),
  );
  return new Set([...(await git.tracked()), ...evidence]);
}

/** Our estimate is low on purpose, so that a part of it that was not read is no matter of counting. */
function wasCut({ attempts }: Answer, estimated: number): boolean {
  const read = attempts.at(-1)?.usage?.input;
  return read !== undefined && read !== null && read < estimated * READ_AT_LEAST;
}
