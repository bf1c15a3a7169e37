import { SpecError } from '../errors.js';
import { lintTracker } from '../tracker/lint.js';
import { specRows } from '../tracker/rows.js';
import { firstErrors } from './documents.js';
import { type Checked, type Guardrail, required, type Step } from './guardrail.js';

const NAME = 'row-lint';

/** The tracker rows of the spec have no lint error; what is wrong elsewhere in the tracker is not this spec's fault. */
export const rowLint: Step = { name: NAME, run: lintRows };

async function lintRows({ workspace, settings, packet }: Guardrail): Promise<Checked> {
  const path = settings.workspace.tracker;
  const { specId } = packet;
  try {
    const { findings } = await lintTracker(workspace, { path, profile: 'strict', specId });
    const lines = new Set(specRows(workspace, path, specId).map(({ line }) => line));
    if (lines.size === 0) return required(NAME, 'not_run', `Not run: ${path} has no row for ${specId}.`);
    const errors = findings.filter(({ severity, line }) => severity === 'error' && lines.has(line));
    return errors.length === 0
      ? required(NAME, 'passed', `The rows of ${specId} in ${path} keep the rules of the tracker.`)
      : required(NAME, 'failed', firstErrors(errors));
  } catch (error) {
    if (error instanceof SpecError) return required(NAME, 'failed', error.message);
    throw error;
  }
}
