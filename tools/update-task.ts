import { UpdateTaskInput } from '../schemas/inputs/tracker.js';
import { loadSettings } from '../src/settings/load.js';
import { defineTool } from '../src/tool.js';

export const updateTaskTool = defineTool({
  name: 'update_task',
  title: 'Update a tracker row',
  description:
    'Change named cells of one task row in SPEC.md, every other byte kept: status, evidence, note, lastValidation, branch, pr. Returns the row before and after. Refused when the file changed meanwhile: then read again and repeat.',
  input: UpdateTaskInput,
  output: async () => (await import('../schemas/tracker.js')).UpdateTaskResult,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run({ workspace: _, ...input }, { workspace }) {
    const { settings } = await loadSettings(workspace);
    const { updateTask } = await import('../src/tracker/update.js');
    return updateTask(workspace, { trackerPath: settings.workspace.tracker, ...input });
  },
  changes: ({ before }) => ['spec-kit://tracker', `spec-kit://tracker/${before.taskId}`, 'spec-kit://specs'],
});
