import * as z from 'zod';
import { SessionId } from '../schemas/ids.js';
import { pageOf, startingWith } from '../src/page.js';
import { runPath, runUri } from '../src/pipeline/run-files.js';
import { findRun, runIds } from '../src/pipeline/run-store.js';
import { defineResource } from '../src/resource.js';
import { evidenceRootOf } from '../src/settings/evidence-root.js';
import { knownSettings } from '../src/settings/load.js';

export const run = defineResource({
  name: 'run',
  title: 'Run',
  description: 'A long call that became a run: status, progress, result',
  mimeType: 'application/json',
  uri: 'spec-kit://runs/{runId}',
  params: z.strictObject({ runId: SessionId }),
  list: async (workspace, from, limit) =>
    pageOf(
      runIds(workspace, await evidenceRootOf(workspace)).map(runId => ({ uri: runUri(runId), name: runId })),
      from,
      limit,
    ),
  async read({ runId }, workspace) {
    const root = await evidenceRootOf(workspace);
    const found = findRun(workspace, root, runId);
    if (found === undefined) return undefined;
    const { asEvidenced } = await import('../src/pipeline/run-claims.js');
    const { state: _, ...shown } = await asEvidenced(workspace, root, found);
    return JSON.stringify(shown, null, 2);
  },
  version: ({ runId }, workspace) =>
    workspace.files.info(runPath(knownSettings(workspace).workspace.evidence_root, runId)).version,
  complete: async (_, value, __, workspace) =>
    startingWith(runIds(workspace, await evidenceRootOf(workspace)), value),
});
