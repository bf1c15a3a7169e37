import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import nodePath from 'node:path';

const MAX_BYTES = 32 * 1024 * 1024;

/** Answers that a command may give again, in the user's own configuration folder: nobody who writes a repository writes there. */
export interface KeptAnswers {
  /** Undefined when there is none, or it cannot be read. */
  read(key: string): string | undefined;
  /** An answer that cannot be kept is not: it only costs the next call its time. */
  write(key: string, text: string): void;
}

export function createKeptAnswers(configFolder: string): KeptAnswers {
  const folder = nodePath.join(configFolder, 'verified');
  const fileOf = (key: string) => nodePath.join(folder, createHash('sha256').update(key).digest('hex'));
  return {
    read(key) {
      try {
        const file = fileOf(key);
        return fs.statSync(file).size > MAX_BYTES ? undefined : fs.readFileSync(file, 'utf8');
      } catch {
        return undefined;
      }
    },
    write(key, text) {
      const draft = `${fileOf(key)}.${randomBytes(4).toString('hex')}`;
      try {
        fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
        fs.writeFileSync(draft, text, { mode: 0o600 });
        fs.renameSync(draft, fileOf(key));
      } catch {
        fs.rmSync(draft, { force: true });
      }
    },
  };
}
