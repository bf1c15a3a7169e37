import type { Synthesis } from '../../schemas/consensus.js';
import { AGGREGATOR } from './roster.js';
import { type Running, withState } from './running.js';
import { validOutput } from './state.js';

const MAX_POINTS = 40;

/**
 * The run with one more seat for the arbiter, who is asked about the conflicts alone; undefined when that is not wanted, not
 * needed, has been done, or there is no arbiter's answer to go on from.
 */
export function escalated(run: Running, { status, findings }: Synthesis): Running | undefined {
  const { state } = run.stored;
  const { seats } = state;
  const arbiter = seats.find(({ role }) => role === AGGREGATOR);
  if (!run.loaded.settings.consensus.escalate || status !== 'conflict' || arbiter === undefined)
    return undefined;
  if (seats.some(({ again }) => again) || validOutput(state, AGGREGATOR) === undefined) return undefined;
  const conflicts = findings
    .filter(({ severity }) => severity === 'conflict')
    .slice(0, MAX_POINTS)
    .map(({ rule, subject, detail }) => `${rule} ${subject}: ${detail}`);
  return withState(run, { ...state, conflicts, seats: [...seats, { ...arbiter, again: true }] });
}
