import { LintTasksInput } from '../schemas/inputs/tracker.js';
import { defineTool } from '../src/tool.js';

export const lintTasksTool = defineTool({
  name: 'lint_tasks',
  title: 'Lint the tracker and packets',
  description:
    'Check SPEC.md task tables and packet documents: structure, statuses, owners, dates, paths, evidence. Returns counts and findings with file, line, column, code and fix, errors first, paged.',
  input: LintTasksInput,
  output: async () => (await import('../schemas/tracker.js')).LintReport,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(input, { workspace }) {
    const { lintTasks } = await import('../src/lint/lint-tasks.js');
    return lintTasks(workspace, input);
  },
});
