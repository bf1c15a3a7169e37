import * as z from 'zod';
import { defineResource } from '../src/resource.js';
import { knownSettings, loadSettings } from '../src/settings/load.js';

/** Rows that one reading of the whole tracker gives out; more than that no model reads. */
const MAX_ROWS = 1000;

export const tracker = defineResource({
  name: 'tracker',
  title: 'Tracker',
  description: 'Every row of SPEC.md: raw cells, normalised status, line',
  mimeType: 'application/json',
  uri: 'spec-kit://tracker',
  params: z.strictObject({}),
  list: async () => ({ entries: [{ uri: 'spec-kit://tracker', name: 'tracker' }] }),
  async read(_, workspace) {
    const { settings } = await loadSettings(workspace);
    const file = settings.workspace.tracker;
    if (workspace.files.info(file).kind === 'missing') return undefined;
    const { listRows } = await import('../src/tracker/rows.js');
    const { rows, total } = listRows(workspace, file, 0, MAX_ROWS);
    return JSON.stringify({ file, total, truncated: total > rows.length, rows });
  },
  version: (_, workspace) => workspace.files.info(knownSettings(workspace).workspace.tracker).version,
  complete: async () => [],
});
