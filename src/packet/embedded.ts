import type { Embedded } from '../prompt.js';
import type { Workspace } from '../workspace/workspace.js';
import { readText } from './documents.js';
import { DOCUMENTS, type Packet } from './find.js';

const MAX_DOCUMENT = 16 * 1024;

/** The documents of a packet as resources; the long ones by their URI alone. */
export function packetResources(
  { files }: Workspace,
  { specId, directory }: Packet,
): { readonly documents: readonly Embedded[]; readonly links: readonly string[] } {
  const documents: Embedded[] = [];
  const links: string[] = [];
  for (const name of DOCUMENTS) {
    const path = `${directory}/${name}`;
    if (files.info(path).kind !== 'file') continue;
    const uri = `spec-kit://specs/${specId}/${name}`;
    const read = readText(files, path);
    if ('text' in read && read.text.length <= MAX_DOCUMENT)
      documents.push({ uri, mimeType: 'text/markdown', text: read.text });
    else links.push(uri);
  }
  return { documents, links };
}
