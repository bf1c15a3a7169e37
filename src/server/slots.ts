import { availableParallelism } from 'node:os';
import { SpecError } from '../errors.js';

/** How many calls run at once; what does not fit waits in line, and what has waited too long is sent away. */
export interface SlotLimits {
  readonly atOnce: number;
  readonly waiting: number;
  readonly waitMs: number;
}

export interface Slots {
  /** Resolves to the function that gives the slot back. Throws BUSY; rejects with the signal's reason. */
  enter(signal: AbortSignal): Promise<() => void>;
  /** Calls that hold a slot now. */
  active(): number;
}

export const READ_SLOTS: SlotLimits = { atOnce: 32, waiting: 256, waitMs: 30_000 };
export const RUN_SLOTS: SlotLimits = {
  atOnce: Math.max(4, availableParallelism()),
  waiting: 16,
  waitMs: 30_000,
};

export function createSlots({ atOnce, waiting, waitMs }: SlotLimits): Slots {
  const line: (() => void)[] = [];
  let taken = 0;

  const leave = () => {
    const next = line.shift();
    if (next) next();
    else taken -= 1;
  };

  const turn = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abandon);
        finish();
      };
      const step = () => settle(resolve);
      const giveUp = (reason: unknown) => {
        line.splice(line.indexOf(step), 1);
        settle(() => reject(reason));
      };
      const abandon = () => giveUp(signal.reason);
      const timer = setTimeout(() => giveUp(busy()), waitMs);
      signal.addEventListener('abort', abandon, { once: true });
      line.push(step);
    });

  return {
    active: () => taken,
    async enter(signal) {
      signal.throwIfAborted();
      if (taken < atOnce) taken += 1;
      else if (line.length >= waiting) throw busy();
      else await turn(signal);
      return leave;
    },
  };
}

function busy(): SpecError {
  return new SpecError(
    'BUSY',
    'The server is busy: too many calls are running or waiting. Try again when one of them has finished.',
  );
}
