import { SpecError } from '../errors.js';
import type { Files } from '../workspace/files.js';
import type { OpenFolder } from '../workspace/folder.js';
import type { Workspace } from '../workspace/workspace.js';
import { nameOf } from './layout.js';
import { sessionStart } from './session.js';

const DAY_MS = 24 * 60 * 60 * 1000;
export const ATTRIBUTES = '* -text -diff -filter -ident\n';

export function attributesPath(root: string): string {
  return `${root}/.gitattributes`;
}

/** New files in staging, each complete and on disk before its name is known. */
export interface Drafts {
  create(bytes: Uint8Array): string;
  /** Hard link of a draft; false when that name is taken. */
  link(draft: string, to: OpenFolder, as: string): boolean;
  /** Removes them all; a file that was linked elsewhere lives on there. */
  discard(): void;
}

/** Files in `.staging` for one bundle. They lie in no folder of their own: making one costs as much as a file. */
export function openDrafts(workspace: Workspace, root: string, sessionId: string): Drafts {
  const folder = workspace.files.openFolder(prepareStaging(workspace, root));
  const made: string[] = [];
  return {
    create(bytes) {
      const name = `${sessionId}.${made.length}`;
      folder.create(name, bytes);
      made.push(name);
      return `${folder.path}/${name}`;
    },
    link: (draft, to, as) => folder.link(nameOf(draft), to, as),
    discard() {
      for (const name of made) discard(folder, name);
      folder.close();
    },
  };
}

/** A folder of our own under `.staging`, for what a run writes before it is published. */
export function openStaging(workspace: Workspace, root: string, sessionId: string): string {
  const own = `${prepareStaging(workspace, root)}/${sessionId}-${workspace.randomHex(4)}`;
  workspace.files.makeDirectory(own);
  return own;
}

/**
 * The staging folder: on the file system of the evidence, ignored by git. Also puts `.gitattributes` in place and removes
 * what writers that died left there more than a day ago.
 */
function prepareStaging({ files, now, randomHex }: Workspace, root: string): string {
  const staging = `${root}/.staging`;
  const names = files.list(staging).map(({ name }) => name);
  const place = (path: string, text: string) =>
    placeOnce(files, `${staging}/${randomHex(8)}.new`, path, text);
  if (!names.includes('.gitignore')) place(`${staging}/.gitignore`, '*\n');
  if (files.info(attributesPath(root)).kind === 'missing') {
    place(attributesPath(root), ATTRIBUTES);
    files.syncDirectory(root);
  }
  sweep(files, staging, names, now().getTime());
  return staging;
}

/** Complete or absent, whoever else does the same: written aside and linked. */
function placeOnce(files: Files, draft: string, path: string, text: string): void {
  files.create(draft, Buffer.from(text));
  try {
    files.link(draft, path);
  } finally {
    discard(files, draft);
  }
}

/** By the session in the name and by the entry's own time, both: a clock that jumped must not end a living writer. */
function sweep(files: Files, staging: string, names: readonly string[], nowMs: number): void {
  for (const name of names) {
    const path = `${staging}/${name}`;
    if (nowMs - sessionStart(name) > DAY_MS && nowMs - files.info(path).mtimeMs > DAY_MS)
      discard(files, path);
  }
}

/** Removes what is not needed any more; what cannot be removed is swept another day. */
export function discard(from: Pick<Files, 'remove'>, path: string): void {
  try {
    from.remove(path);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
  }
}
