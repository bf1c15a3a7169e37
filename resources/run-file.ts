import * as z from 'zod';
import { SessionId } from '../schemas/ids.js';
import { AGENT_ROLES } from '../schemas/settings.js';
import { startingWith } from '../src/page.js';
import { runIds } from '../src/pipeline/run-store.js';
import { defineResource } from '../src/resource.js';
import { evidenceRootOf } from '../src/settings/evidence-root.js';

const FILES = [...AGENT_ROLES, 'escalation'].flatMap(name => [`${name}_prompt.md`, `${name}_schema.json`]);

export const runFile = defineResource({
  name: 'run-file',
  title: 'Question of a run',
  description: 'Prompt or JSON Schema that an agent of a run going on, or of a dry run, is asked with',
  mimeType: 'text/plain',
  uri: 'spec-kit://runs/{runId}/{file}',
  params: z.strictObject({ runId: SessionId, file: z.enum(FILES) }),
  /** They are named where they are needed; listing them would bury the runs. */
  list: async () => ({ entries: [] }),
  async read({ runId, file }, workspace) {
    const { workFile } = await import('../src/consensus/work-files.js');
    return workFile(workspace, await evidenceRootOf(workspace), runId, file);
  },
  version: () => '',
  complete: async (variable, value, _, workspace) =>
    startingWith(variable === 'file' ? FILES : runIds(workspace, await evidenceRootOf(workspace)), value),
});
