import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { realInside } from './paths.js';

const MAX_DEPTH = 6;

/**
 * A digest over the names, kinds, inodes, sizes and times of everything below a folder; links are not followed. The time of
 * the last change of an inode is among them, which no program can set back. '' when there is no such folder inside `root`.
 */
export function treeState(root: string, path: string): string {
  const full = realInside(root, path);
  if (full === undefined || !fs.existsSync(full)) return '';
  const hash = createHash('sha256');
  const walk = (folder: string, name: string, depth: number) => {
    const names = fs.readdirSync(folder).sort();
    const facts = new Float64Array(names.length * 5);
    const folders: string[] = [];
    for (const [index, entry] of names.entries()) {
      const stat = fs.lstatSync(`${folder}/${entry}`);
      facts.set([stat.mode, stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs], index * 5);
      if ((stat.mode & fs.constants.S_IFMT) === fs.constants.S_IFDIR && depth < MAX_DEPTH)
        folders.push(entry);
    }
    hash.update(`${name}\0${names.join('\0')}\0\n`).update(facts);
    for (const each of folders) walk(`${folder}/${each}`, `${name}/${each}`, depth + 1);
  };
  walk(full, path, 0);
  return hash.digest('hex');
}
