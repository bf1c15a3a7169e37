import * as z from 'zod';
import { SpecId } from '../schemas/ids.js';
import { SpecError } from '../src/errors.js';
import { MAX_DOCUMENT_BYTES, readText } from '../src/packet/documents.js';
import { DOCUMENTS, findPacket, listPackets } from '../src/packet/find.js';
import { pageOf, startingWith } from '../src/page.js';
import { defineResource } from '../src/resource.js';
import { knownSettings, loadSettings } from '../src/settings/load.js';
import type { Workspace } from '../src/workspace/workspace.js';

const Document = z.enum(DOCUMENTS);

export const specDocument = defineResource({
  name: 'spec-document',
  title: 'Spec document',
  description: 'One document of a packet: spec.md, plan.md, tasks.md or PRD.md',
  mimeType: 'text/markdown',
  uri: 'spec-kit://specs/{specId}/{document}',
  params: z.strictObject({ specId: SpecId, document: Document }),
  async list(workspace, from, limit) {
    const { settings } = await loadSettings(workspace);
    const entries = listPackets(workspace, settings.workspace.docs_root).flatMap(({ specId, directory }) =>
      DOCUMENTS.filter(name => workspace.files.info(`${directory}/${name}`).kind === 'file').map(name => ({
        uri: `spec-kit://specs/${specId}/${name}`,
        name: `${specId} ${name}`,
      })),
    );
    return pageOf(entries, from, limit);
  },
  async read({ specId, document }, workspace) {
    const path = await pathOf(workspace, specId, document);
    if (workspace.files.info(path).kind === 'missing') return undefined;
    const read = readText(workspace.files, path);
    if ('text' in read) return read.text;
    throw new SpecError(
      'NOT_TEXT',
      `${read.problem} Only UTF-8 documents up to ${MAX_DOCUMENT_BYTES} bytes are served.`,
    );
  },
  version({ specId, document }, workspace) {
    const { directory } = findPacket(workspace, knownSettings(workspace).workspace.docs_root, specId);
    return workspace.files.info(`${directory}/${document}`).version;
  },
  async complete(variable, value, _, workspace) {
    if (variable === 'document') return startingWith(DOCUMENTS, value);
    const { settings } = await loadSettings(workspace);
    return startingWith(
      listPackets(workspace, settings.workspace.docs_root).map(({ specId }) => specId),
      value,
    );
  },
});

async function pathOf(workspace: Workspace, specId: string, document: string): Promise<string> {
  const { settings } = await loadSettings(workspace);
  return `${findPacket(workspace, settings.workspace.docs_root, specId).directory}/${document}`;
}
