import { expect, test } from 'vitest';
import { decisionClass, statusClass } from '../../src/consensus/decision.js';

test.for([
  ['approve', 'go'],
  ['Approved.', 'go'],
  ['GO', 'go'],
  ['proceed with the merge', 'go'],
  ['unlock', 'go'],
  ['passed: no blockers, no failures', 'go'],
  ['hold', 'block'],
  ['Hold until HAL is up', 'block'],
  ['no-go', 'block'],
  ['NO GO', 'block'],
  ['no_go', 'block'],
  ['reject', 'block'],
  ['denied', 'block'],
  ['go, but the gate failed', 'block'],
  ['not ready to ship', 'block'],
  ['do not merge', 'block'],
  ['don’t unlock yet', 'block'],
  ['keep locked', 'block'],
  ['defer to next week', 'block'],
  ['perhaps', 'unclear'],
  ['gorgeous', 'unclear'],
  ['', 'unclear'],
] as const)('the decision %j is %s', ([words, wanted]) => {
  expect(decisionClass(words)).toBe(wanted);
});

test.for([
  ['passed', 'pass'],
  [' Pass ', 'pass'],
  ['ok', 'pass'],
  ['met', 'pass'],
  ['Done', 'pass'],
  ['failed', 'fail'],
  ['FAIL: 2 of 9', 'fail'],
  ['not met', 'fail'],
  ['not_met', 'fail'],
  ['blocked', 'fail'],
  ['missing', 'fail'],
  ['passed with failures', 'open'],
  ['passed, but slowly', 'open'],
  ['pass (partially)', 'open'],
  ['not_run', 'open'],
  ['skipped', 'open'],
  ['In Progress', 'open'],
  ['', 'open'],
] as const)('the status %j is %s', ([words, wanted]) => {
  expect(statusClass(words)).toBe(wanted);
});
