import { diagnose } from '../../doctor/doctor.js';
import type { Command } from '../command.js';
import { EXIT } from '../exit-codes.js';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'look at everything a run needs, and say how to mend what is missing',
  takes: '',
  positionals: [0, 0],
  flags: {},
  example: 'spec-kit-mcp doctor',
  async run(parsed, { open, signal }) {
    const workspace = open(parsed.text('workspace'));
    const checks = await diagnose({ workspace, signal, progress: async () => {} });
    const problems = checks.filter(({ status }) => status === 'problem').length;
    const warnings = checks.filter(({ status }) => status === 'warning').length;
    const text = [
      ...checks.flatMap(({ name, status, message, fix }) => [
        `${status.padEnd(7)} ${name}: ${message}`,
        ...(fix === null ? [] : [`        fix: ${fix}`]),
      ]),
      `${problems} problems, ${warnings} warnings.`,
    ];
    return {
      json: { workspace: workspace.label, checks, counts: { problem: problems, warning: warnings } },
      text: text.join('\n'),
      exitCode: problems === 0 ? EXIT.passed : EXIT.failed,
    };
  },
};
