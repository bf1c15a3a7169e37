import type { Check } from '../../schemas/guardrail.js';
import type { Outcome } from '../../schemas/ids.js';

/**
 * The one rule from checks to an outcome; whoever reads evidence applies it again.
 * Failed if any check failed; else incomplete if a required check did not run; else passed. A waived check counts as
 * neither, and a run in which nothing passed is never passed.
 */
export function decideOutcome(checks: readonly Pick<Check, 'status' | 'required'>[]): Outcome {
  if (checks.some(check => check.status === 'failed')) return 'failed';
  if (checks.some(check => check.status === 'not_run' && check.required)) return 'incomplete';
  return checks.some(check => check.status === 'passed') ? 'passed' : 'incomplete';
}

/** "3 passed, 1 not run", zero counts left out. */
export function countChecks(checks: readonly Pick<Check, 'status'>[]): string {
  const words = { passed: 'passed', failed: 'failed', not_run: 'not run', waived: 'waived' } as const;
  return (['failed', 'not_run', 'waived', 'passed'] as const)
    .map(status => ({ status, count: checks.filter(check => check.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${words[status]}`)
    .join(', ');
}
