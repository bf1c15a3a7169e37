import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import nodePath from 'node:path';
import type { SpecError } from '../errors.js';
import { configFolderFailure } from './failure.js';

/**
 * What is trusted: the bytes of a spec-kit.toml in one repository, with all its work trees. The same bytes elsewhere name
 * other programs: `npm test` is whatever lies there.
 */
export interface Trusted {
  /** sha256 of spec-kit.toml. */
  readonly digest: string;
  /** Absolute path of the git folder of the main work tree. */
  readonly repository: string;
}

/** What a person trusted: one file for each in the user's own configuration folder, whose name alone is the trust. */
export interface TrustStore {
  has(trusted: Trusted): boolean;
  /** `workspace`: what a person reads in the file. Throws FILE_UNAVAILABLE; then nothing is trusted. */
  remember(trusted: Trusted, workspace: string, at: Date): void;
}

export function createTrustStore(configFolder: string): TrustStore {
  const folder = nodePath.join(configFolder, 'trusted');
  return {
    has: trusted => fs.existsSync(nodePath.join(folder, nameOf(trusted))),
    remember(trusted, workspace, at) {
      makeFolder(folder);
      const file = nodePath.join(folder, nameOf(trusted));
      const told = { workspace, digest: trusted.digest, at: at.toISOString() };
      // Written aside and renamed: the name must not appear when the write fails.
      const draft = `${file}.${randomBytes(4).toString('hex')}`;
      try {
        fs.writeFileSync(draft, `${JSON.stringify(told)}\n`, { mode: 0o600 });
        fs.renameSync(draft, file);
      } catch (error) {
        fs.rmSync(draft, { force: true });
        throw notRemembered(error);
      }
    },
  };
}

function nameOf({ digest, repository }: Trusted): string {
  return createHash('sha256').update(`${digest} ${repository}`).digest('hex');
}

function makeFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw notRemembered(error);
  }
}

function notRemembered(error: unknown): SpecError {
  return configFolderFailure('remember the trust', 'set SPEC_KIT_TRUST instead', error);
}
