import * as z from 'zod';
import { SessionId, SpecId } from '../schemas/ids.js';
import { defineResource } from '../src/resource.js';
import { evidenceRootOf } from '../src/settings/evidence-root.js';

export const evidenceBundle = defineResource({
  name: 'evidence-bundle',
  title: 'Evidence bundle',
  description:
    'Manifest of one recorded bundle: an in-toto statement with its files, digests, checks and outcome',
  mimeType: 'application/json',
  uri: 'spec-kit://evidence/{specId}/{bundleId}',
  params: z.strictObject({ specId: SpecId, bundleId: SessionId }),
  async list(workspace, from, limit) {
    const { listBundles } = await import('../src/evidence/index-page.js');
    return listBundles(workspace, await evidenceRootOf(workspace), from, limit);
  },
  async read({ specId, bundleId }, workspace) {
    const { shownText } = await import('../src/evidence/show-bundle.js');
    return shownText(workspace, await evidenceRootOf(workspace), specId, bundleId);
  },
  version: () => '',
  async complete(variable, value, filled, workspace) {
    const { completeBundle } = await import('../src/evidence/complete.js');
    return completeBundle(workspace, await evidenceRootOf(workspace), variable, value, filled);
  },
});
