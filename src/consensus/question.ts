import { sha256Of } from '../evidence/digest.js';
import { withoutConsensus } from './agreed.js';
import { type Prompt, renderPrompt } from './render.js';
import { escalationSchemaFor, type JsonSchema, schemaDigest, schemaFor } from './schema-for.js';
import { type Seat, type StageState, validOutput } from './state.js';
import { stepsFor, vocabularyOf } from './vocabulary.js';

/** What one role is asked, complete and reproducible from the state of its run. */
export interface Question extends Prompt {
  readonly schema: JsonSchema;
  /** Of system text and prompt together. */
  readonly promptSha256: string;
  readonly schemaSha256: string;
}

const AGAIN =
  'Task:\nThe answers of all agents, yours among them, leave the conflicts listed below. For each criterion in conflict, choose the position that the documents support, give the reason, and cite the paths that show it. Choose nothing that they do not show: a conflict that stays open goes to a person.';

export function questionFor(state: StageState, seat: Seat): Question {
  const { role } = seat;
  const prompt = renderPrompt({
    ...seat,
    specId: state.specId,
    runId: state.runId,
    stage: `spec-${state.stage}`,
    promptVersion: state.promptVersion,
    template: seat.again ? AGAIN : (state.templates[role] ?? ''),
    nonce: state.nonce,
    canary: state.canary,
    goal: state.goal ?? undefined,
    documents: state.documents,
    criteria: state.criteria,
    steps: stepsFor(state, role),
    earlier: earlierOf(state, seat),
    stages: state.stages,
    conflicts: seat.again ? state.conflicts : [],
  });
  const vocabulary = vocabularyOf(state, role);
  const schema = seat.again
    ? escalationSchemaFor(role, vocabulary)
    : schemaFor(state.stage, role, vocabulary);
  return {
    ...prompt,
    schema,
    promptSha256: sha256Of(Buffer.from(`${prompt.system}\n\n${prompt.prompt}`)),
    schemaSha256: schemaDigest(schema),
  };
}

/** Valid answers of the seats before this one. */
function earlierOf(state: StageState, { role, again }: Seat) {
  const { seats } = state;
  const place = seats.findIndex(seat => seat.role === role && seat.again === again);
  const before = seats.slice(0, place);
  return before.flatMap(seat => {
    const output = validOutput(state, seat.role);
    return output === undefined ? [] : [{ role: seat.role, json: JSON.stringify(withoutConsensus(output)) }];
  });
}

/** The question as one text, for a caller that answers by itself. */
export function questionText({ system, prompt }: Prompt): string {
  return `${system}\n\n${prompt}\n`;
}
