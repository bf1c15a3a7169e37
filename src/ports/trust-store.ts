import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import nodePath from 'node:path';
import type { SpecError } from '../errors.js';
import { configFolderFailure } from './failure.js';

const DIGEST = /^[0-9a-f]{64}$/;

/** Which spec-kit.toml files a person trusted: one empty-handed file per digest in the user's own configuration folder. */
export interface TrustStore {
  has(digest: string): boolean;
  /** Throws FILE_UNAVAILABLE; then nothing is trusted. */
  remember(digest: string, workspaceLabel: string, at: Date): void;
}

export function createTrustStore(configFolder: string): TrustStore {
  const folder = nodePath.join(configFolder, 'trusted');
  return {
    has: digest => DIGEST.test(digest) && fs.existsSync(nodePath.join(folder, digest)),
    remember(digest, workspace, at) {
      makeFolder(folder);
      const file = nodePath.join(folder, digest);
      // Written aside and renamed: the name alone is the trust, so it must not appear when the write fails.
      const draft = `${file}.${randomBytes(4).toString('hex')}`;
      try {
        fs.writeFileSync(draft, `${JSON.stringify({ workspace, at: at.toISOString() })}\n`, { mode: 0o600 });
        fs.renameSync(draft, file);
      } catch (error) {
        fs.rmSync(draft, { force: true });
        throw notRemembered(error);
      }
    },
  };
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
