import type { Rule } from '../rule.js';

/** What evidence itself says about a task that is Done on it. */
export const claimRules = {
  evidenceFalse: {
    code: 'tracker/evidence-false',
    severity: 'error',
    title: 'a task that is Done on evidence that does not hold',
    why: 'The bundle was changed since it was recorded, or claims what its own bytes deny.',
    fix: 'Look at what verify says about the bundle; run the stage again and name what it records.',
  },
  evidenceFailed: {
    code: 'tracker/evidence-failed',
    severity: 'error',
    title: 'a task that is Done on a run that did not pass',
    why: 'The evidence is honest, and says the opposite of the row.',
    fix: 'Set the status back, or name a run that passed.',
  },
  evidenceUnrecorded: {
    code: 'tracker/evidence-unrecorded',
    severity: 'error',
    title: 'a task that is Done on evidence that no ledger names',
    why: 'Anyone can put such a file there; what the server recorded has a record.',
    fix: 'Run the stage, or write the file with write_evidence, and name what that records.',
  },
  evidenceStale: {
    code: 'tracker/evidence-stale',
    severity: 'error',
    title: 'a task that is Done on a run that a newer one took back',
    why: 'The newest run of the same stage did not pass, so the older pass no longer holds.',
    fix: 'Mend what the newer run found, run the stage again, and name that run.',
  },
  evidenceIncomplete: {
    code: 'tracker/evidence-incomplete',
    severity: 'warning',
    title: 'a task that is Done on evidence that cannot be checked',
    why: 'Parts of the bundle are missing, or nothing in it ran.',
    fix: 'Run the stage again with this product, and name what it records.',
  },
} as const satisfies Record<string, Rule>;
