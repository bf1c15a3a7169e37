import * as z from 'zod';
import { SpecId } from '../schemas/ids.js';
import { DOCUMENTS, findPacket, listPackets } from '../src/packet/find.js';
import { pageOf, startingWith } from '../src/page.js';
import { defineResource } from '../src/resource.js';
import { knownSettings, loadSettings } from '../src/settings/load.js';
import type { Workspace } from '../src/workspace/workspace.js';

export const spec = defineResource({
  name: 'spec',
  title: 'Spec status',
  description: 'Where one spec stands: documents, tracker rows, stage outcomes, evidence',
  mimeType: 'application/json',
  uri: 'spec-kit://specs/{specId}',
  params: z.strictObject({ specId: SpecId }),
  list: async (workspace, from, limit) =>
    pageOf(
      (await specIds(workspace)).map(id => ({ uri: `spec-kit://specs/${id}`, name: id })),
      from,
      limit,
    ),
  async read({ specId }, workspace) {
    const { specStatus } = await import('../src/status/status.js');
    return JSON.stringify(await specStatus(workspace, specId));
  },
  version({ specId }, workspace) {
    const { docs_root: docsRoot, tracker, evidence_root: root } = knownSettings(workspace).workspace;
    const { directory } = findPacket(workspace, docsRoot, specId);
    const files = [...DOCUMENTS.map(name => `${directory}/${name}`), tracker];
    return [
      ...files.map(file => workspace.files.info(file).version),
      ledgerMark(workspace, root, specId),
    ].join(' ');
  },
  complete: async (_, value, __, workspace) => startingWith(await specIds(workspace), value),
});

async function specIds(workspace: Workspace): Promise<readonly string[]> {
  const { settings } = await loadSettings(workspace);
  return listPackets(workspace, settings.workspace.docs_root).map(({ specId }) => specId);
}

/** A record more changes the folder. */
function ledgerMark({ files }: Workspace, root: string, specId: string): string {
  return String(files.info(`${root}/ledger/${specId}`).mtimeMs);
}
