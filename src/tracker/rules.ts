import type { Rule } from '../rule.js';
import { claimRules } from './claim-rules.js';
import { originRules } from './origin-rules.js';
import { tableRules } from './table-rules.js';
import { valueRules } from './value-rules.js';

/** Everything that lint says about a tracker. The documentation is generated from it. */
export const trackerRules: readonly Rule[] = [
  ...Object.values(tableRules),
  ...Object.values(valueRules),
  ...Object.values(claimRules),
  ...Object.values(originRules),
];
