import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { SpecError } from '../errors.js';
import { configFolderFailure } from './failure.js';

/** A bearer token and the file that keeps it. */
export interface KeptToken {
  readonly token: string;
  readonly path: string;
}

const NAME = 'http-token';
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/**
 * The token kept in a directory of the user's own; on first use 32 random bytes in base64url, in a file of mode 0600
 * that appears complete or not at all. Throws CONFIG_INVALID for a file that is not private or not ours, FILE_UNAVAILABLE.
 */
export function keepToken(directory: string): KeptToken {
  const file = path.join(directory, NAME);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return { token: readToken(file) ?? createToken(file), path: file };
  } catch (error) {
    throw configFolderFailure('keep the token for HTTP', 'set SPEC_KIT_HTTP_TOKEN instead', error);
  }
}

function createToken(file: string): string {
  const staged = `${file}.${randomBytes(8).toString('hex')}`;
  const token = randomBytes(32).toString('base64url');
  writeFileSync(staged, `${token}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(staged, file);
    return token;
  } catch (error) {
    const kept = readToken(file);
    if (kept !== undefined) return kept;
    throw error;
  } finally {
    rmSync(staged);
  }
}

function readToken(file: string): string | undefined {
  const fd = open(file);
  if (fd === undefined) return undefined;
  try {
    const info = fstatSync(fd);
    if (!info.isFile() || (info.mode & 0o077) !== 0) throw unfit('others can read it');
    if (info.uid !== process.getuid?.()) throw unfit('it belongs to somebody else');
    const token = readFileSync(fd, 'utf8').trim();
    if (!TOKEN.test(token)) throw unfit('it does not hold a token of ours');
    return token;
  } finally {
    closeSync(fd);
  }
}

function open(file: string): number | undefined {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw unfit('it is a symbolic link');
    throw error;
  }
}

function unfit(why: string): SpecError {
  return new SpecError(
    'CONFIG_INVALID',
    `The file ${NAME} with the token for HTTP is not used because ${why}. Make it private (chmod 600) or set SPEC_KIT_HTTP_TOKEN.`,
  );
}
