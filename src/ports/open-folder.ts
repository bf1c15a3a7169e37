import * as fs from 'node:fs';
import { SpecError } from '../errors.js';
import type { OpenFolder } from '../workspace/folder.js';
import { linkNew, writeNew } from './durable.js';
import { fileFailure, systemCode } from './failure.js';
import { isBare, openedAt, openFolderFd, readIn } from './folder.js';

const places = new WeakMap<OpenFolder, (name: string) => string>();

/** Checked and opened once; every name is then taken relative to the opened folder where the system can do that. */
export function openFolder(root: string, path: string): OpenFolder {
  const { fd, real } = openFolderFd(root, path);
  const at = fd === undefined ? undefined : openedAt(fd);
  const place = (name: string) => {
    if (!isBare(name))
      throw new SpecError('OUTSIDE_WORKSPACE', `${JSON.stringify(name)} is no bare file name. Use one.`);
    return `${at ?? real()}/${name}`;
  };
  const attempt = <T>(doing: string, name: string, act: (full: string) => T): T => {
    try {
      return act(place(name));
    } catch (error) {
      throw fileFailure(doing, name === '' ? path : `${path}/${name}`, error);
    }
  };
  const folder: OpenFolder = {
    path,
    has: name =>
      attempt('look for', name, full => fs.lstatSync(full, { throwIfNoEntry: false }) !== undefined),
    read: (name, maxBytes) => attempt('read', name, full => readIn(full, maxBytes)),
    names: () => listed(path, at ?? real()),
    create: (name, bytes) => attempt('create', name, full => writeNew(full, `${path}/${name}`, bytes, 0o644)),
    link: (name, to, as) => {
      const target = places.get(to);
      if (target === undefined) throw new TypeError('A folder that this port did not open.');
      return attempt('publish', name, full => linkNew(full, target(as), `${to.path}/${as}`));
    },
    remove: name => attempt('remove', name, full => fs.rmSync(full, { recursive: true, force: true })),
    sync() {
      if (fd === undefined) return;
      try {
        fs.fsyncSync(fd);
      } catch (error) {
        throw fileFailure('sync the folder', path, error);
      }
    },
    close() {
      if (fd !== undefined) fs.closeSync(fd);
    },
  };
  places.set(folder, place);
  return folder;
}

function listed(path: string, full: string): readonly string[] {
  try {
    return fs.readdirSync(full);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw fileFailure('list', path, error);
  }
}
