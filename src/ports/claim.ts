import * as fs from 'node:fs';
import nodePath from 'node:path';
import { systemCode } from './failure.js';
import { isAlive, ownIdentity } from './process-identity.js';

const MAX_TAKEOVERS = 1000;

/**
 * The sole right to replace one version of one file, over all processes: the file `<key>.<generation>` in `folder`,
 * holding its owner. A claim whose owner died is never deleted by others; they claim the next generation, so two
 * successors cannot both win. Undefined while a living process holds it. The result gives the claim back.
 */
export function claim(folder: string, key: string): (() => void) | undefined {
  fs.mkdirSync(folder, { recursive: true });
  for (let generation = 0; generation < MAX_TAKEOVERS; generation++) {
    const mine = nodePath.join(folder, `${key}.${generation}`);
    if (createOwned(mine)) {
      return () => {
        for (let old = 0; old <= generation; old++)
          fs.rmSync(nodePath.join(folder, `${key}.${old}`), { force: true });
      };
    }
    if (ownerLives(mine)) return undefined;
  }
  return undefined;
}

/** By link, so that a claim never exists without its owner's name in it. */
function createOwned(path: string): boolean {
  const draft = `${path}.${ownIdentity()}.draft`;
  fs.writeFileSync(draft, ownIdentity(), { mode: 0o600 });
  try {
    fs.linkSync(draft, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

function ownerLives(path: string): boolean {
  try {
    return isAlive(fs.readFileSync(path, 'utf8'));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return true;
    throw error;
  }
}
