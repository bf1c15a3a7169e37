import type { LintReport } from '../../../schemas/tracker.js';
import { lintTasksTool } from '../../../tools/lint-tasks.js';
import type { Command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { runTool } from '../run-tool.js';

const ALL = 50;

export const lintCommand: Command = {
  name: 'lint',
  summary: 'check the tracker and the packet documents',
  takes: '[PATH]',
  positionals: [0, 1],
  flags: {
    profile: {
      type: 'string',
      value: 'strict|origin',
      help: 'strict (default): all rules; origin: the old linter, exactly',
    },
    spec: { type: 'string', value: 'SPEC-ID', help: 'only this spec: its packet and its rows' },
  },
  example: 'spec-kit-mcp lint SPEC.md --profile strict',
  async run(parsed, terminal) {
    const input = {
      path: parsed.positionals[0],
      profile: parsed.text('profile'),
      specId: parsed.text('spec'),
      limit: ALL,
    };
    const report = await runTool(lintTasksTool, input, parsed, terminal);
    for (let cursor = report.nextCursor; cursor !== undefined; ) {
      const page: LintReport = await runTool(lintTasksTool, { ...input, cursor }, parsed, terminal);
      report.findings.push(...page.findings);
      cursor = page.nextCursor;
    }
    const { nextCursor: _, ...json } = report;
    return { json, text: render(report), exitCode: report.outcome === 'passed' ? EXIT.passed : EXIT.failed };
  },
};

/** One finding a line in the form that editors jump to. */
function render({ findings, summary }: LintReport): string {
  const lines = findings.map(
    ({ file, line, column, severity, code, message, fix }) =>
      `${file}:${line}:${column}: ${severity} ${code}: ${message}${fix === undefined ? '' : ` Fix: ${fix}`}`,
  );
  return [...lines, summary].join('\n');
}
