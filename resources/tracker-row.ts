import * as z from 'zod';
import { TaskId } from '../schemas/ids.js';
import { pageOf, startingWith } from '../src/page.js';
import { defineResource } from '../src/resource.js';
import { knownSettings, loadSettings } from '../src/settings/load.js';
import type { Workspace } from '../src/workspace/workspace.js';

export const trackerRow = defineResource({
  name: 'tracker-row',
  title: 'Tracker row',
  description: 'One row of SPEC.md by its task id: raw cells, normalised status, line, findings',
  mimeType: 'application/json',
  uri: 'spec-kit://tracker/{taskId}',
  params: z.strictObject({ taskId: TaskId }),
  async list(workspace, from, limit) {
    const entries = (await taskIds(workspace)).map(id => ({
      uri: `spec-kit://tracker/${encodeURIComponent(id)}`,
      name: id,
    }));
    return pageOf(entries, from, limit);
  },
  async read({ taskId }, workspace) {
    const { settings } = await loadSettings(workspace);
    const { tracker } = settings.workspace;
    const { findRow, listTaskIds } = await import('../src/tracker/rows.js');
    if (!listTaskIds(workspace, tracker).includes(taskId)) return undefined;
    const row = findRow(workspace, tracker, taskId);
    const { lintTracker } = await import('../src/tracker/lint.js');
    const { findings } = await lintTracker(workspace, { path: tracker, profile: 'strict' });
    return JSON.stringify({ ...row, findings: findings.filter(({ line }) => line === row.line) });
  },
  version: (_, workspace) => workspace.files.info(knownSettings(workspace).workspace.tracker).version,
  complete: async (_, value, __, workspace) => startingWith(await taskIds(workspace), value),
});

async function taskIds(workspace: Workspace): Promise<readonly string[]> {
  const { settings } = await loadSettings(workspace);
  const file = settings.workspace.tracker;
  if (workspace.files.info(file).kind === 'missing') return [];
  const { listTaskIds } = await import('../src/tracker/rows.js');
  return listTaskIds(workspace, file).filter(id => TaskId.safeParse(id).success);
}
