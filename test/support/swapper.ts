import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';

/** Until it is killed: `folder` is in turns a real folder and a link to `evil`. argv: root, folder, evil. */
const [root = '', folder = '', evil = ''] = process.argv.slice(2);
const at = path.join(root, folder);
const real = `${at}.real`;
const link = `${at}.link`;
mkdirSync(at, { recursive: true });
symlinkSync(evil, link);

/** Whoever missed the folder may have made another one in its place. */
function put(what: string): void {
  for (;;) {
    try {
      renameSync(what, at);
      return;
    } catch {
      clear();
    }
  }
}

function clear(): void {
  try {
    rmSync(at, { recursive: true, force: true });
  } catch {
    // Somebody wrote into it meanwhile; the next turn tries again.
  }
}

process.send?.('ready');
for (;;) {
  renameSync(at, real);
  put(link);
  renameSync(at, link);
  put(real);
}
