import { at, type Fields, quoted, textAt } from './fields.js';
import type { Blame, Claim } from './reasons.js';

/** The policy block, which the origin's own rules never looked at. */
export function judgePolicy(name: string, value: Fields, claim: Claim, blame: Blame): void {
  for (const step of ['prefilter', 'final']) {
    if (at(value, 'policy', step) === undefined) continue;
    const status = textAt(value, 'policy', step, 'status');
    const note = textAt(value, 'policy', step, 'note') ?? '';
    if (status === 'failed' && claim !== 'failed')
      blame('policy-failure-ignored', name, `policy.${step} failed and the stage went on as if it had not.`);
    if (status === 'passed' && /^(?:true|:|exit 0|\/(?:usr\/)?bin\/true)?$/.test(note.trim()))
      blame(
        'policy-without-verdict',
        name,
        `policy.${step} passed by running ${quoted(note.trim())}, which judges nothing.`,
      );
  }
}
