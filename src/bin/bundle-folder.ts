import { randomBytes } from 'node:crypto';
import { link, mkdir, mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import nodePath from 'node:path';
import { SpecError } from '../errors.js';
import { EXPORT_ROOT, MAX_EXPORT_BYTES } from '../evidence/export-bundle.js';
import { unpackTar } from '../evidence/tar.js';

/** Unpacks an exported bundle into a folder of its own, to be removed by `close`. Throws INVALID_ARGUMENT, LIMIT_EXCEEDED. */
export async function unpackExport(
  file: string,
): Promise<{ readonly folder: string; close(): Promise<void> }> {
  const files = unpackTar(await bytesOf(file)).filter(({ name }) => name.startsWith(`${EXPORT_ROOT}/`));
  const folder = await mkdtemp(nodePath.join(tmpdir(), 'spec-kit-bundle-'));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    for (const { name, bytes } of files) {
      const path = nodePath.join(folder, name);
      await mkdir(nodePath.dirname(path), { recursive: true });
      await writeFile(path, bytes, { flag: 'wx' });
    }
    return { folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function bytesOf(file: string): Promise<Buffer> {
  const info = await stat(file).catch(() => undefined);
  if (info?.isFile() !== true)
    throw new SpecError(
      'INVALID_ARGUMENT',
      `${file} is no file. Name one that \`evidence export --bundle\` made.`,
    );
  if (info.size > 2 * MAX_EXPORT_BYTES)
    throw new SpecError('LIMIT_EXCEEDED', `${file} is larger than any bundle that this program exports.`);
  return readFile(file);
}

/** A new file at the place a person named, whole or not there at all; never over another one. Throws INVALID_ARGUMENT. */
export async function writeOutput(file: string, bytes: Uint8Array): Promise<void> {
  const draft = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    const opened = await open(draft, 'wx');
    try {
      await opened.writeFile(bytes);
      await opened.sync();
    } finally {
      await opened.close();
    }
    await place(draft, file);
  } catch (error) {
    throw new SpecError(
      'INVALID_ARGUMENT',
      `${file} could not be written as a new file. Name one that does not exist, in a folder that does.`,
      { cause: error },
    );
  } finally {
    await rm(draft, { force: true });
  }
}

/** By a link, which never replaces anything; a memory stick may not know links. */
async function place(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file);
  } catch (error) {
    if (await stat(file).catch(() => undefined)) throw error;
    await rename(draft, file);
  }
}
