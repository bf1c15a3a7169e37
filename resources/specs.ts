import * as z from 'zod';
import { defineResource } from '../src/resource.js';
import { knownSettings } from '../src/settings/load.js';

export const specs = defineResource({
  name: 'specs',
  title: 'Specs',
  description: 'Every spec in a line: packet, missing documents, tracker row, newest stage outcome',
  mimeType: 'application/json',
  uri: 'spec-kit://specs',
  params: z.strictObject({}),
  list: async () => ({ entries: [{ uri: 'spec-kit://specs', name: 'specs' }] }),
  async read(_, workspace) {
    const { specStatus } = await import('../src/status/status.js');
    return JSON.stringify(await specStatus(workspace, undefined));
  },
  version(_, workspace) {
    const { docs_root: docsRoot, tracker } = knownSettings(workspace).workspace;
    return `${workspace.files.info(docsRoot).mtimeMs} ${workspace.files.info(tracker).version}`;
  },
  complete: async () => [],
});
