import { mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
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

/** A new file at the place a person named; never over another one. Throws INVALID_ARGUMENT. */
export async function writeOutput(file: string, bytes: Uint8Array): Promise<void> {
  try {
    const opened = await open(file, 'wx');
    try {
      await opened.writeFile(bytes);
      await opened.sync();
    } finally {
      await opened.close();
    }
  } catch (error) {
    throw new SpecError(
      'INVALID_ARGUMENT',
      `${file} could not be written as a new file. Name one that does not exist, in a folder that does.`,
      { cause: error },
    );
  }
}
