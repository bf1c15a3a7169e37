import type { Severity } from '../schemas/shared.js';

/** One lint rule, as code and documentation share it. `code` never changes its meaning. */
export interface Rule {
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, in a few words. */
  readonly title: string;
  readonly why: string;
  readonly fix: string;
}
