import { SpecError } from '../errors.js';
import type { Files, Workspace } from '../workspace.js';
import { sessionStart } from './session.js';

const DAY_MS = 24 * 60 * 60 * 1000;
export const ATTRIBUTES = '* -text -diff -filter -ident\n';

/**
 * A folder of our own under `.staging`, on the file system of the evidence and ignored by git, for what is not published
 * yet. Also puts `.gitattributes` in place and removes what writers that died left there more than a day ago.
 */
export function openStaging({ files, now, randomHex }: Workspace, root: string, sessionId: string): string {
  const staging = `${root}/.staging`;
  const own = `${staging}/${sessionId}-${randomHex(4)}`;
  files.makeDirectory(own);
  placeOnce(files, `${own}/gitignore`, `${staging}/.gitignore`, '*\n');
  if (placeOnce(files, `${own}/gitattributes`, `${root}/.gitattributes`, ATTRIBUTES))
    files.syncDirectory(root);
  sweep(files, staging, now().getTime());
  return own;
}

/** Complete or absent, whoever else does the same: written aside and linked. */
function placeOnce(files: Files, draft: string, path: string, text: string): boolean {
  if (files.info(path).kind !== 'missing') return false;
  files.create(draft, Buffer.from(text));
  return files.link(draft, path);
}

/** By the session in the name and by the folder's own time, both: a clock that jumped must not end a living writer. */
function sweep(files: Files, staging: string, nowMs: number): void {
  for (const { name } of files.list(staging)) {
    const path = `${staging}/${name}`;
    if (nowMs - sessionStart(name) > DAY_MS && nowMs - files.info(path).mtimeMs > DAY_MS) files.remove(path);
  }
}

/** Removes what is not needed any more; what cannot be removed is swept another day. */
export function discard(files: Files, path: string): void {
  try {
    files.remove(path);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
  }
}
