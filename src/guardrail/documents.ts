import type { TaskStatus } from '../../schemas/inputs/tracker.js';
import type { Finding } from '../../schemas/shared.js';
import { SpecError } from '../errors.js';
import { lintPacket } from '../packet/documents.js';
import { specRows } from '../tracker/rows.js';
import { type Checked, type Guardrail, notConfigured, required, type Step } from './guardrail.js';

const TASKS = 'tasks-document';

/** The packet's documents exist as far as they are due, and follow their skeletons. */
export const packetDocuments: Step = {
  name: 'packet-documents',
  run({ workspace, packet }) {
    const errors = lintPacket(workspace, packet, null).filter(({ severity }) => severity === 'error');
    if (errors.length > 0) return required('packet-documents', 'failed', firstErrors(errors));
    return required(
      'packet-documents',
      'passed',
      `The documents of ${packet.directory} follow their skeletons.`,
    );
  },
};

/** tasks.md follows its skeleton, once it is there: the tasks stage writes it. */
export const tasksDocument: Step = {
  name: TASKS,
  run(guardrail): Checked {
    const { workspace, packet } = guardrail;
    const file = `${packet.directory}/tasks.md`;
    const findings = lintPacket(workspace, packet, statusOf(guardrail)).filter(found => found.file === file);
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) return required(TASKS, 'failed', firstErrors(errors));
    if (workspace.files.info(file).kind === 'missing')
      return notConfigured(TASKS, `Not run: ${file} does not exist yet; it comes out of this stage.`);
    return required(TASKS, 'passed', `${file} follows its skeleton.`);
  },
};

/** At most three findings, and where all of them are. */
export function firstErrors(errors: readonly Finding[]): string {
  const shown = errors.slice(0, 3).map(({ file, line, message }) => `${file}:${line}: ${message}`);
  const more = errors.length > 3 ? ` ${errors.length - 3} more.` : '';
  return `${shown.join(' ')}${more} lint_tasks lists them all.`;
}

/** Null without a tracker or a row, which another check reports. */
function statusOf({ workspace, settings, packet }: Guardrail): TaskStatus | null {
  try {
    return specRows(workspace, settings.workspace.tracker, packet.specId)[0]?.status ?? null;
  } catch (error) {
    if (error instanceof SpecError) return null;
    throw error;
  }
}
