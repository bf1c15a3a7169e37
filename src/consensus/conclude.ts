import type { ConsensusInputs, Synthesis } from '../../schemas/consensus.js';
import type { AgentMetrics } from '../../schemas/telemetry-v2.js';
import type { BundleFile } from '../evidence/bundle.js';
import { sha256Of } from '../evidence/digest.js';
import { redactedFile, redactorOf } from '../evidence/redaction.js';
import type { Workspace } from '../workspace/workspace.js';
import { agentEvidence, filePrefix, jsonBytes, jsonFile } from './evidence-files.js';
import { inputsOf } from './inputs.js';
import { metricsOf } from './metrics.js';
import type { StoredAnswer } from './panel.js';
import { questionFor } from './question.js';
import { promptTokens } from './report.js';
import type { Running } from './running.js';
import { answerOf, type Seat, type StageState, seatName } from './state.js';
import { synthesize } from './synthesize.js';

/** A verdict and the files that it can be computed from again. */
export interface Conclusion {
  readonly synthesis: Synthesis;
  /** One for each agent of the stage. */
  readonly metrics: readonly AgentMetrics[];
  readonly files: readonly BundleFile[];
}

/** Judges a run whose agents have all answered, or been given up. Throws GIT_UNAVAILABLE. */
export async function conclude({ call, loaded, root, stored }: Running): Promise<Conclusion> {
  const { workspace } = call;
  const { state } = stored;
  const written = state.seats.map(seat => ({ seat, ...agentFile(workspace, state, seat) }));
  const again = written.find(({ seat }) => seat.again)?.answer ?? null;
  const extra = again?.evidence.output ?? null;
  const inputs = await inputsOf(
    workspace,
    root,
    state,
    role => tokensOf(state, role),
    extra === null ? [] : [extra],
  );
  const synthesis = synthesize({
    inputs,
    agents: written.filter(({ seat }) => !seat.again).map(({ answer }) => answer),
    escalation: again,
    timestamp: workspace.now().toISOString(),
    acceptance: null,
  });
  const metrics = written
    .filter(({ seat }) => !seat.again)
    .map(({ seat, answer }) => metricsOf(state, seat, answer.evidence, loaded.settings.prices));
  const files = [...written.map(({ file }) => file), ...verdictFiles(state, inputs, synthesis)];
  return { synthesis, metrics, files };
}

function verdictFiles(state: StageState, inputs: ConsensusInputs, synthesis: Synthesis): BundleFile[] {
  const prefix = filePrefix(state);
  return [jsonFile(`${prefix}_inputs.json`, inputs), jsonFile(`${prefix}_synthesis.json`, synthesis)];
}

/** As it will be stored: its digest stands in the synthesis. */
function agentFile(
  workspace: Workspace,
  state: StageState,
  seat: Seat,
): { file: BundleFile; answer: StoredAnswer } {
  const evidence = agentEvidence(state, seat, answerOf(state, seat));
  const name = `${filePrefix(state)}_${seatName(seat)}.json`;
  const bytes = redactedFile(redactorOf(workspace), name, jsonBytes(evidence));
  return { file: { name, bytes }, answer: { path: name, sha256: sha256Of(bytes), evidence } };
}

function tokensOf(state: StageState, role: Seat['role']): number {
  const seat = state.seats.find(each => each.role === role);
  return seat === undefined ? 0 : promptTokens(questionFor(state, seat));
}
