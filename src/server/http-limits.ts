import type { Rate } from './rates.js';
import { SESSION_LIMITS, type SessionLimits } from './sessions.js';

export interface HttpLimits {
  /** Requests of any kind; over it the answer is 429. */
  readonly requests: { readonly each: Rate; readonly all: Rate };
  /** Calls of tools that are not read-only; over it the call fails with RATE_LIMITED. */
  readonly runs: { readonly each: Rate; readonly all: Rate };
  readonly sessions: SessionLimits;
  readonly connections: number;
  /** How long a client may take to send the head of a request. */
  readonly headMs: number;
  /** Open `subscriptions/listen` streams. */
  readonly listens: number;
  /** How long running calls may go on after `close`. */
  readonly drainMs: number;
}

/** An agent at work stays far below these; a loop that has run wild does not. */
export const HTTP_LIMITS: HttpLimits = {
  requests: { each: { perSecond: 100, burst: 600 }, all: { perSecond: 200, burst: 1200 } },
  runs: { each: { perSecond: 2, burst: 30 }, all: { perSecond: 4, burst: 60 } },
  sessions: SESSION_LIMITS,
  connections: 256,
  headMs: 5000,
  listens: 32,
  drainMs: 10_000,
};
