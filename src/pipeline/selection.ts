import type { AutoState } from '../../schemas/auto.js';
import { STAGES, type Stage } from '../../schemas/ids.js';
import type { SpecAutoInput } from '../../schemas/inputs/stages.js';
import { SpecError } from '../errors.js';

type Wanted = Partial<Pick<SpecAutoInput, 'from' | 'to' | 'stages' | 'skipConsensus' | 'goal'>>;

/** Which stages a run makes, in their order, and which ones it builds on without making them. Throws INVALID_ARGUMENT. */
export function newState({ from, to, stages, skipConsensus = false, goal }: Wanted): {
  readonly state: AutoState;
  readonly before: readonly Stage[];
} {
  if (stages !== undefined && (from !== undefined || to !== undefined))
    throw new SpecError('INVALID_ARGUMENT', 'Give either stages, or from and to.');
  const first = STAGES.indexOf(from ?? 'plan');
  const last = STAGES.indexOf(to ?? 'unlock');
  if (first > last)
    throw new SpecError(
      'INVALID_ARGUMENT',
      `${from ?? ''} comes after ${to ?? ''}. The order is ${STAGES.join(', ')}.`,
    );
  const chosen = STAGES.filter((stage, index) =>
    stages === undefined ? index >= first && index <= last : stages.includes(stage),
  );
  const end = STAGES.indexOf(chosen.at(-1) ?? 'plan');
  return {
    state: {
      stages: chosen,
      skipConsensus,
      goal: goal ?? null,
      stopped: !chosen.includes('implement'),
      attempts: [],
    },
    before: STAGES.slice(0, end).filter(stage => !chosen.includes(stage)),
  };
}
