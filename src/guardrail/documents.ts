import { lintPacket } from '../packet/documents.js';
import { required, type Step } from './guardrail.js';

/** The packet's documents exist as far as they are due, and follow their skeletons. */
export const packetDocuments: Step = {
  name: 'packet-documents',
  run({ workspace, packet }) {
    const errors = lintPacket(workspace, packet, null).filter(({ severity }) => severity === 'error');
    if (errors.length === 0)
      return required(
        'packet-documents',
        'passed',
        `The documents of ${packet.directory} follow their skeletons.`,
      );
    const shown = errors.slice(0, 3).map(({ file, line, message }) => `${file}:${line}: ${message}`);
    const more = errors.length > 3 ? ` ${errors.length - 3} more.` : '';
    return required('packet-documents', 'failed', `${shown.join(' ')}${more} lint_tasks lists them all.`);
  },
};
