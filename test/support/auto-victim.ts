import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Files } from '../../src/workspace/files.js';
import { auto, openTrusted } from './auto.js';

/**
 * `auto-victim.js ROOT DEATH RESUME`: runs spec_auto, and dies by SIGKILL at its DEATH-th write to the disk: before an odd
 * one, after an even one. Tells how many writes there were when it lives.
 */
const [root = '', death = '0', resume = ''] = process.argv.slice(2);
let writes = 0;

function counted<Args extends readonly unknown[], Result>(act: (...args: Args) => Result) {
  return (...args: Args): Result => {
    writes += 1;
    const mine = writes === Number(death);
    if (mine && writes % 2 === 1) process.kill(process.pid, 'SIGKILL');
    const result = act(...args);
    if (mine) process.kill(process.pid, 'SIGKILL');
    return result;
  };
}

const workspace = openTrusted({ root, read: name => readFileSync(path.join(root, name), 'utf8') });
const { files } = workspace;
const mortal: Files = {
  ...files,
  create: counted(files.create),
  link: counted(files.link),
  replace: counted(files.replace),
  remove: counted(files.remove),
  makeDirectory: counted(files.makeDirectory),
  openFolder(path) {
    const folder = files.openFolder(path);
    // The port knows its folders by themselves, so this one is changed and not copied.
    return Object.assign(folder, { create: counted(folder.create), link: counted(folder.link) });
  },
};
await auto({ ...workspace, files: mortal }, resume === '' ? {} : { resume });
process.send?.(writes);
process.disconnect?.();
