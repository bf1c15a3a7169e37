import { STAGES, type Stage } from '../../schemas/ids.js';
import type { AgentRole } from '../../schemas/settings.js';

/** Who has the last word in every stage. */
export const AGGREGATOR = 'gpt_pro' as const;
/** Who proposes the steps that the arbiter carries or drops. */
export const SYNTHESIZER = 'claude' as const;

const THREE = ['gemini', 'claude', AGGREGATOR] as const;
const FOUR = ['gemini', 'claude', 'gpt_codex', AGGREGATOR] as const;

/** The agents of a stage in the order in which they are asked; each sees the answers of those before. None is optional. */
export function rosterOf(stage: Stage): readonly AgentRole[] {
  return stage === 'implement' ? FOUR : THREE;
}

/** `plan` of `spec-plan`; undefined for anything else. */
export function stageOf(payloadStage: string): Stage | undefined {
  return STAGES.find(stage => payloadStage === `spec-${stage}`);
}
