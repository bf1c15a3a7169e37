import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CheckStatus } from '../../schemas/guardrail.js';
import { countChecks, decideOutcome } from '../../src/guardrail/outcome.js';

const check = (status: CheckStatus, required = true) => ({ status, required });

test.for([
  ['all passed', [check('passed'), check('passed')], 'passed'],
  ['one failed', [check('passed'), check('failed')], 'failed'],
  ['failed wins over not run', [check('not_run'), check('failed')], 'failed'],
  ['a required check did not run', [check('passed'), check('not_run')], 'incomplete'],
  ['an optional check did not run', [check('passed'), check('not_run', false)], 'passed'],
  ['waived beside passed', [check('passed'), check('waived')], 'passed'],
  ['everything waived', [check('waived'), check('waived')], 'incomplete'],
  ['nothing at all', [], 'incomplete'],
  ['only optional checks that did not run', [check('not_run', false)], 'incomplete'],
] as const)('%s: the outcome is right', ([, checks, outcome]) => {
  expect(decideOutcome(checks)).toBe(outcome);
});

test('an outcome is passed only when something passed, nothing failed, and nothing required is missing', () => {
  const any = fc.record({
    status: fc.constantFrom<CheckStatus>('passed', 'failed', 'not_run', 'waived'),
    required: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 8 }), checks => {
      const passed = decideOutcome(checks) === 'passed';
      const clean = !checks.some(
        ({ status, required }) => status === 'failed' || (status === 'not_run' && required),
      );
      return passed === (clean && checks.some(({ status }) => status === 'passed'));
    }),
  );
});

test('counts what is worth reading first', () => {
  expect(countChecks([check('passed'), check('not_run'), check('passed'), check('failed')])).toBe(
    '1 failed, 1 not run, 2 passed',
  );
});
