import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { SpecError } from '../../src/errors.js';
import { test } from '../support/workspace.js';

const SWAPPER = path.join(import.meta.dirname, '../../dist/test/support/swapper.js');
const ROUNDS = 1500;

test.skipIf(process.platform !== 'linux')(
  'a folder that is swapped for a link all the time leads no read, write, link or removal outside',
  { timeout: 60_000 },
  async ({ repo, workspace }) => {
    const evil = `${repo.root}_evil`;
    mkdirSync(evil);
    writeFileSync(path.join(evil, 'secret.txt'), 'outside');
    const swapper = fork(SWAPPER, [repo.root, 'sub', evil], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    try {
      await once(swapper, 'message');
      const counts = { done: 0, refused: 0 };
      const attempt = (act: () => void) => {
        try {
          act();
          counts.done++;
        } catch (error) {
          expect(error).toBeInstanceOf(SpecError);
          counts.refused++;
        }
      };
      const { files } = workspace;
      for (let n = 0; n < ROUNDS; n++) {
        attempt(() => files.create(`sub/made-${n}.txt`, Buffer.from('inside')));
        attempt(() => expect(files.read('sub/secret.txt', 1000)).toBeUndefined());
        attempt(() => expect(files.list('sub').map(({ name }) => name)).not.toContain('secret.txt'));
        attempt(() => files.link('SPEC.md', `sub/linked-${n}.txt`));
        attempt(() => files.remove('sub/secret.txt'));
      }
      expect(counts.done).toBeGreaterThan(100);
      expect(counts.refused).toBeGreaterThan(100);
      expect(readdirSync(evil)).toEqual(['secret.txt']);
      expect(readFileSync(path.join(evil, 'secret.txt'), 'utf8')).toBe('outside');
    } finally {
      swapper.kill('SIGKILL');
      await once(swapper, 'exit');
      rmSync(evil, { recursive: true });
    }
  },
);
