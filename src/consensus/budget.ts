import type { Running } from './running.js';
import type { Seat } from './state.js';

export function withinBudget(_run: Running, _seat: Seat): Running | undefined {
  return undefined;
}
