import type { HalCheck, HalSummary } from '../../schemas/hal.js';
import type { HalRunCheck } from './hal.js';

/** Passed when every check passed; failed when one failed; else something was skipped. `folder` ends with a slash. */
export function summarize(checks: readonly HalRunCheck[], folder: string): HalSummary {
  return {
    status: statusOf(checks),
    failed_checks: checks.filter(({ status }) => status === 'failed').map(({ name }) => name),
    artifacts: checks.flatMap(({ file }) => (file === undefined ? [] : [`${folder}${file.name}`])),
  };
}

function statusOf(checks: readonly HalCheck[]): HalSummary['status'] {
  if (checks.some(({ status }) => status === 'failed')) return 'failed';
  return checks.length > 0 && checks.every(({ status }) => status === 'passed') ? 'passed' : 'skipped';
}
