import * as z from 'zod';
import { SPEC_ID } from '../schemas/ids.js';
import { indexUri, recordPath } from '../src/evidence/layout.js';
import { newestSeq } from '../src/evidence/ledger.js';
import { pageOf, startingWith } from '../src/page.js';
import { defineResource } from '../src/resource.js';
import { evidenceRootOf } from '../src/settings/evidence-root.js';
import { knownSettings } from '../src/settings/load.js';

/** `<SPEC-ID>`, or `<SPEC-ID>@<seq>` for the page that begins at that record. */
const IndexStart = z
  .string()
  .max(80)
  .refine(text => SPEC_ID.test(text.replace(/@[1-9]\d{0,7}$/, '')), 'must be a spec id such as SPEC-KIT-018')
  .describe('Spec id, e.g. SPEC-KIT-018; an older page adds @ and a record number');

export const evidenceIndex = defineResource({
  name: 'evidence-index',
  title: 'Evidence of a spec',
  description:
    'Its recorded bundles, newest first, 100 a page, outcomes recomputed; `older` is the URI of the next page',
  mimeType: 'application/json',
  uri: 'spec-kit://evidence/{specId}',
  params: z.strictObject({ specId: IndexStart }),
  async list(workspace, from, limit) {
    const { specsWithEvidence } = await import('../src/evidence/index-page.js');
    const specs = specsWithEvidence(workspace, await evidenceRootOf(workspace));
    return pageOf(
      specs.map(specId => ({ uri: indexUri(specId), name: `${specId} evidence` })),
      from,
      limit,
    );
  },
  async read({ specId: start }, workspace) {
    const [specId = '', seq] = start.split('@');
    const { indexPage } = await import('../src/evidence/index-page.js');
    const page = indexPage(
      workspace,
      await evidenceRootOf(workspace),
      specId,
      seq === undefined ? undefined : Number(seq),
    );
    return page === undefined ? undefined : JSON.stringify(page, null, 2);
  },
  version({ specId: start }, workspace) {
    const [specId = ''] = start.split('@');
    const root = knownSettings(workspace).workspace.evidence_root;
    const newest = newestSeq(workspace.files, root, specId);
    return `${newest} ${workspace.files.info(`${root}/${recordPath(specId, newest)}`).version}`;
  },
  async complete(_, value, __, workspace) {
    const { specsWithEvidence } = await import('../src/evidence/index-page.js');
    return startingWith(specsWithEvidence(workspace, await evidenceRootOf(workspace)), value);
  },
});
