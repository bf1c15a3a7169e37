import * as z from 'zod';
import { SessionId, SpecId } from '../schemas/ids.js';
import { completeBundle } from '../src/evidence/complete.js';
import { listBundles } from '../src/evidence/index-page.js';
import { manifestText } from '../src/evidence/read-bundle.js';
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
  list: async (workspace, from, limit) =>
    listBundles(workspace, await evidenceRootOf(workspace), from, limit),
  read: async ({ specId, bundleId }, workspace) =>
    manifestText(workspace, await evidenceRootOf(workspace), specId, bundleId),
  version: () => '',
  complete: async (variable, value, filled, workspace) =>
    completeBundle(workspace, await evidenceRootOf(workspace), variable, value, filled),
});
