import { expect, test } from 'vitest';
import { readVerdict } from '../../src/guardrail/policy.js';

test.for([
  ['PASS', 'PASS'],
  ['looked at it\nverdict: PASS\n\n', 'PASS'],
  ['FAIL.', 'FAIL'],
  ['{"verdict": "PASS"}', 'PASS'],
  ['{"verdict": "FAIL", "why": "tests"}', 'FAIL'],
  ['', undefined],
  ['PASS\nbut not really', undefined],
  ['BYPASS', undefined],
  ['pass', undefined],
  ['{"verdict": "yes"}', undefined],
  ['{"verdict": ', undefined],
  ['I would say PASS or FAIL, who knows', undefined],
] as const)('reads %j as %s', ([output, verdict]) => {
  expect(readVerdict(output)).toBe(verdict);
});
