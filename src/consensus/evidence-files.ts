import type { AgentEvidence } from '../../schemas/consensus.js';
import type { BundleFile } from '../evidence/bundle.js';
import { questionFor, questionText } from './question.js';
import { type Answer, type Seat, type StageState, seatName } from './state.js';

/** `spec-<stage>_<session>`, what the names of a run's files start with. */
export function filePrefix({ stage, runId }: Pick<StageState, 'stage' | 'runId'>): string {
  return `spec-${stage}_${runId}`;
}

export function jsonFile(name: string, value: unknown): BundleFile {
  return { name, bytes: jsonBytes(value) };
}

export function jsonBytes(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

/** The answer of a seat with what is known of where it came from. */
export function agentEvidence(state: StageState, seat: Seat, answer: Answer | undefined): AgentEvidence {
  const { specId, stage, runId } = state;
  const output = answer?.output ?? null;
  const failure = answer?.attempts.at(-1)?.failure;
  const said = (name: string) => {
    const value = output?.[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    schemaVersion: 1,
    stage: `spec-${stage}`,
    specId,
    agent: seat.role,
    run_id: runId,
    provenance: answer?.provenance ?? unaskedProvenance(state, seat),
    self_reported: {
      model: said('model'),
      model_release: said('model_release'),
      reasoning_mode: said('reasoning_mode'),
    },
    output,
    error: answer?.status === 'valid' ? null : errorOf(failure),
  };
}

function errorOf(failure: Answer['attempts'][number]['failure'] | undefined): AgentEvidence['error'] {
  return failure === undefined || failure === null
    ? { code: 'not_asked', message: 'Nobody was asked.' }
    : { code: failure.code, message: failure.message };
}

export function unaskedProvenance(state: StageState, seat: Seat): AgentEvidence['provenance'] {
  const { promptSha256, schemaSha256 } = questionFor(state, seat);
  return {
    source: seat.mode,
    provider: seat.mode,
    model_requested: seat.model,
    model_served: null,
    request_id: null,
    prompt_sha256: promptSha256,
    schema_sha256: schemaSha256,
    attempt: 1,
  };
}

/** What each seat was asked, and what preflight found. */
export function contextFiles(state: StageState): readonly BundleFile[] {
  const prefix = filePrefix(state);
  const { criteria, findings, receipt, specCut, promptVersion, promptSource, goal } = state;
  return [
    jsonFile(`${prefix}_preflight.json`, {
      schemaVersion: 1,
      stage: `spec-${state.stage}`,
      specId: state.specId,
      run_id: state.runId,
      prompt_version: promptVersion,
      prompt_source: promptSource,
      goal,
      criteria,
      findings,
      receipt,
      spec_cut: specCut,
    }),
    ...state.seats.map(seat => ({
      name: `${prefix}_${seatName(seat)}_prompt.md`,
      bytes: Buffer.from(questionText(questionFor(state, seat))),
    })),
  ];
}
