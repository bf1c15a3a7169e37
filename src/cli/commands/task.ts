import type { UpdateTaskResult } from '../../../schemas/tracker.js';
import { updateTaskTool } from '../../../tools/update-task.js';
import type { Command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { runTool } from '../run-tool.js';

export const taskCommand: Command = {
  name: 'task',
  summary: 'change cells of one tracker row, every other byte kept',
  takes: 'TASK-ID',
  positionals: [1, 1],
  flags: {
    status: { type: 'string', value: 'STATUS', help: 'Backlog, "In Progress", "In Review", Blocked or Done' },
    note: { type: 'string', value: 'TEXT', help: 'appended to Notes with the date' },
    evidence: { type: 'string', value: 'PATH', help: 'evidence path inside the workspace' },
    'last-validation': { type: 'string', value: 'DATE', help: 'date of the last validation, YYYY-MM-DD' },
    branch: { type: 'string', value: 'NAME', help: 'branch name' },
    pr: { type: 'string', value: 'PR', help: 'pull request number or URL' },
  },
  example: 'spec-kit-mcp task T26 --status "In Review" --note "ready for review"',
  async run(parsed, terminal) {
    const result = await runTool(
      updateTaskTool,
      {
        taskId: parsed.positionals[0],
        status: parsed.text('status'),
        note: parsed.text('note'),
        evidence: parsed.text('evidence'),
        lastValidation: parsed.text('last-validation'),
        branch: parsed.text('branch'),
        pr: parsed.text('pr'),
      },
      parsed,
      terminal,
    );
    return { json: result, text: render(result), exitCode: EXIT.passed };
  },
};

function render({ file, changed, before, after }: UpdateTaskResult): string {
  if (changed.length === 0)
    return `${file}:${before.line}: ${before.taskId} says so already; nothing was written.`;
  const cells = changed.map(
    name => `  ${name}: "${before.cells[name] ?? ''}" -> "${after.cells[name] ?? ''}"`,
  );
  return [`${file}:${after.line}: ${after.taskId} changed`, ...cells].join('\n');
}
