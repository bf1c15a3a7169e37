import { setTimeout as sleep } from 'node:timers/promises';

export interface Step {
  readonly progress: number;
  readonly total: number;
  readonly message: string;
}

export interface Progress {
  report(step: Step): Promise<void>;
  /** Sends what was held back, and leaves the last step a moment's start on the result. */
  finish(): Promise<void>;
}

const MIN_GAP_MS = 200;
/** Clients that get progress and result in one chunk of a pipe drop the progress. */
const LEAD_MS = 8;

/** At most five steps a second; the first and the last always go out. `send` must not throw. */
export function throttledProgress(send: (step: Step) => Promise<void>): Progress {
  let held: Step | undefined;
  let sentAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const release = async () => {
    clearTimeout(timer);
    timer = undefined;
    const step = held;
    held = undefined;
    if (!step) return;
    sentAt = performance.now();
    await send(step);
  };

  return {
    async report(step) {
      held = step;
      const wait = sentAt + MIN_GAP_MS - performance.now();
      if (wait <= 0) await release();
      else timer ??= setTimeout(() => void release(), wait).unref();
    },
    async finish() {
      await release();
      const lead = sentAt + LEAD_MS - performance.now();
      if (lead > 0) await sleep(lead);
    },
  };
}

/** For a caller that asked for no progress. */
export const SILENT: Progress = { report: async () => {}, finish: async () => {} };
