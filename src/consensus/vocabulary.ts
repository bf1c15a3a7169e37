import type { Vocabulary } from '../../schemas/consensus-parts.js';
import type { AgentRole } from '../../schemas/settings.js';
import { AGGREGATOR, SYNTHESIZER } from './roster.js';
import { type StageState, validOutput } from './state.js';
import { type ProposedStep, proposedSteps } from './steps.js';

/** The words that the answer of a role may use. */
export function vocabularyOf(state: StageState, role: AgentRole): Vocabulary {
  return {
    stage: `spec-${state.stage}`,
    specId: state.specId,
    runId: state.runId,
    promptVersion: state.promptVersion,
    criteria: state.criteria.map(({ id }) => id),
    steps: stepsFor(state, role).map(({ id }) => id),
  };
}

/** What the synthesizer proposed, for the arbiter alone. */
export function stepsFor(state: StageState, role: AgentRole): readonly ProposedStep[] {
  if (role !== AGGREGATOR) return [];
  return proposedSteps(state.stage, validOutput(state, SYNTHESIZER));
}
