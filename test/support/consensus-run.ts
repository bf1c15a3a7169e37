import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Synthesis } from '../../schemas/consensus.js';
import type { AgentRole } from '../../schemas/settings.js';
import { StageReport } from '../../schemas/stage-tools.js';
import { runStage, type StageInput } from '../../src/consensus/stage.js';
import type { Operator } from '../../src/workspace/operator.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import type { Asked } from './answers.js';
import { openTest, type Repository } from './repository.js';

export const SPEC = 'SPEC-KIT-DEMO';

export type CallStage = (input?: Partial<StageInput>) => Promise<StageReport>;

/** Calls the plan stage as a client would, each time with a workspace opened anew, as after a restart. */
export function stageCaller(repo: Repository, over: Partial<Operator> = {}): CallStage {
  return (input = {}) => callStage(openTest(repo.root, over), input);
}

export async function callStage(workspace: Workspace, input: Partial<StageInput> = {}): Promise<StageReport> {
  const report = await runStage(
    { specId: SPEC, stage: 'plan', ...input },
    { workspace, signal: new AbortController().signal, progress: async () => {} },
  );
  return StageReport.parse(report);
}

/** What the answers of a run have to name. */
export function askedBy({ runId, awaiting }: StageReport): Asked {
  const version = /"prompt_version" "([^"]+)"/.exec(awaiting?.prompt ?? '')?.[1];
  return { runId: runId ?? '', promptVersion: version ?? '20261124-plan-a' };
}

/** Answers question after question until the run is done. `answer`: JSON or text for a role, asked again when it was refused. */
export async function answerAll(
  call: CallStage,
  answer: (role: AgentRole, asked: Asked) => unknown,
  input: Partial<StageInput> = {},
): Promise<StageReport> {
  let report = await call(input);
  const asked = askedBy(report);
  for (let { awaiting } = report; awaiting !== undefined; { awaiting } = report) {
    const { agent } = awaiting;
    report = await call({
      ...(input.stage === undefined ? {} : { stage: input.stage }),
      runId: asked.runId,
      agent,
      output: answer(agent, asked),
    });
  }
  return report;
}

export function synthesisOf(repo: Repository, { synthesis }: StageReport): Synthesis {
  return Synthesis.parse(JSON.parse(readFileSync(path.join(repo.root, synthesis ?? ''), 'utf8')));
}
