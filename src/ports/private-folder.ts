import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import nodePath from 'node:path';
import type { PrivateFolder } from '../workspace/private-folder.js';
import { fileFailure } from './failure.js';
import { entryInside } from './paths.js';
import { signalProcess } from './process-group.js';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

const PREFIX = 'spec-kit-private-';
const DAY_MS = 24 * 60 * 60 * 1000;

const open = new Set<string>();
let swept = false;

/** In the system's folder for temporary files: what programs look for in the folders above is not there. */
export function openPrivateFolder(): PrivateFolder {
  const path = makeFolder();
  if (!swept) sweep();
  swept = true;
  if (!process.listeners('exit').includes(removeAll)) process.on('exit', removeAll);
  open.add(path);
  return {
    path,
    write(name, text) {
      try {
        const full = entryInside(path, name);
        fs.mkdirSync(nodePath.dirname(full), { recursive: true, mode: 0o700 });
        fs.writeFileSync(full, text, { flag: 'wx', mode: 0o600 });
      } catch (error) {
        throw fileFailure('create', name, error);
      }
    },
    read: (name, maxBytes) => readStart(nodePath.join(path, name), maxBytes),
    remove() {
      remove(path);
      open.delete(path);
    },
  };
}

function makeFolder(): string {
  try {
    return fs.realpathSync.native(fs.mkdtempSync(nodePath.join(tmpdir(), `${PREFIX}${process.pid}-`)));
  } catch (error) {
    throw fileFailure('create', 'a private folder for temporary files', error);
  }
}

/** Once per process: what one that was killed left there a day ago or longer. */
export function sweep(now = Date.now()): void {
  const folder = tmpdir();
  for (const name of namesIn(folder)) {
    const pid = Number(/^(\d+)-/.exec(name.slice(PREFIX.length))?.[1] ?? Number.NaN);
    const path = nodePath.join(folder, name);
    const info = fs.lstatSync(path, { throwIfNoEntry: false });
    const ours = info?.isDirectory() === true && info.uid === process.getuid?.();
    if (ours && !Number.isNaN(pid) && now - info.mtimeMs > DAY_MS && !signalProcess(pid, 0)) remove(path);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder).filter(name => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}

/** What a program left there may be anything. */
function readStart(full: string, maxBytes: number): Buffer {
  let fd: number;
  try {
    fd = fs.openSync(full, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return Buffer.alloc(0);
  }
  try {
    const info = fs.fstatSync(fd);
    const buffer = Buffer.alloc(info.isFile() ? Math.min(info.size, maxBytes) : 0);
    let length = 0;
    for (let read = 1; read > 0 && length < buffer.length; length += read)
      read = fs.readSync(fd, buffer, length, buffer.length - length, length);
    return buffer.subarray(0, length);
  } finally {
    fs.closeSync(fd);
  }
}

/** A program that was just killed may still be at work there. */
function remove(path: string): void {
  try {
    fs.rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  } catch {
    // It stays, for nobody but this user, until the system clears its temporary files.
  }
}

function removeAll(): void {
  for (const path of open) remove(path);
}
