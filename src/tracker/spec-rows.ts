import { plainText } from './cell-text.js';
import { type Cells, cellAt } from './cells.js';
import type { Layout, Role } from './columns.js';

const NAMING: readonly Role[] = ['prd', 'evidence', 'title', 'branch'];

/**
 * A row belongs to a spec when its task id is the spec id, or when its PRD, evidence, title or branch names it as a whole
 * word, with or without the lower-case slug of its packet.
 */
export function belongsTo(layout: Layout, text: string, cells: Cells, specId: string): boolean {
  if (!text.includes(specId)) return false;
  if (plainText(cellAt(text, cells, layout.roles.id)) === specId) return true;
  return NAMING.some(role => namesSpec(cellAt(text, cells, layout.roles[role]), specId));
}

export function namesSpec(text: string, specId: string): boolean {
  for (let at = text.indexOf(specId); at !== -1; at = text.indexOf(specId, at + 1)) {
    if (at > 0 && isIdPart(text.charAt(at - 1))) continue;
    const folder = wordFrom(text, at);
    if (isFolderOf(folder, specId) && !isEvidenceStore(text, at + folder.length)) return true;
  }
  return false;
}

/** `<id>`, or `<id>-<slug>` where the slug's first part has a lower-case letter: else it is a part of a longer id. */
function isFolderOf(folder: string, specId: string): boolean {
  const rest = folder.slice(specId.length);
  if (rest === '' || rest.startsWith('.')) return true;
  const slug = /^-([A-Za-z0-9]+)/.exec(rest)?.[1];
  return slug !== undefined && slug !== slug.toUpperCase() && rest === rest.toLowerCase();
}

/** The evidence of all specs lies in the packet of one; a path into it says nothing about that one. */
function isEvidenceStore(text: string, after: number): boolean {
  return /^\/evidence\/(?:commands|consensus|ledger|runs)(?![\w-])/.test(text.slice(after, after + 24));
}

function wordFrom(text: string, at: number): string {
  let end = at;
  while (end < text.length && (isIdPart(text.charAt(end)) || text.charAt(end) === '.')) end++;
  while (end > at && text.charAt(end - 1) === '.') end--;
  return text.slice(at, end);
}

function isIdPart(char: string): boolean {
  return /[A-Za-z0-9_-]/.test(char);
}
