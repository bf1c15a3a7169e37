import * as z from 'zod';
import { SessionId, SpecId } from '../schemas/ids.js';
import { defineResource } from '../src/resource.js';
import { evidenceRootOf } from '../src/settings/evidence-root.js';

export const evidenceFile = defineResource({
  name: 'evidence-file',
  title: 'Evidence file',
  description:
    'Text of one file of a recorded bundle, by a name from its manifest; up to 1 MiB, digest checked',
  mimeType: 'text/plain',
  uri: 'spec-kit://evidence/{specId}/{bundleId}/{file}',
  params: z.strictObject({
    specId: SpecId,
    bundleId: SessionId,
    file: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/, 'must be a file name of the bundle'),
  }),
  /** Files are named by their manifest; listing them all would bury the bundles. */
  list: async () => ({ entries: [] }),
  async read({ specId, bundleId, file }, workspace) {
    const { shownText } = await import('../src/evidence/show-bundle.js');
    return shownText(workspace, await evidenceRootOf(workspace), specId, bundleId, file);
  },
  version: () => '',
  async complete(variable, value, filled, workspace) {
    const { completeBundle } = await import('../src/evidence/complete.js');
    return completeBundle(workspace, await evidenceRootOf(workspace), variable, value, filled);
  },
});
