import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packTar, unpackTar } from '../../src/evidence/tar.js';
import { test } from '../support/workspace.js';

describe('tar', () => {
  const files = fc.uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-zA-Z0-9_-]{1,60}\/[a-zA-Z0-9_-]{1,90}$/),
      bytes: fc.uint8Array({ maxLength: 1500 }),
    }),
    { maxLength: 5, selector: ({ name }) => name },
  );

  it('gives back what was packed, and is one form: no changed byte is taken', () => {
    fc.assert(
      fc.property(files, fc.nat(), fc.integer({ min: 1, max: 255 }), (entries, place, by) => {
        const tar = packTar(entries);
        const back = unpackTar(tar).map(({ name, bytes }) => ({ name, bytes: new Uint8Array(bytes) }));
        expect(back).toEqual(entries);
        const changed = Buffer.from(tar);
        const at = place % tar.length;
        changed[at] = (changed[at] ?? 0) ^ by;
        let other: string;
        try {
          other = JSON.stringify(unpackTar(changed));
        } catch {
          return;
        }
        expect(other).not.toBe(JSON.stringify(unpackTar(tar)));
      }),
    );
  });

  it('takes names up to what the format holds, and no longer', () => {
    const named = (name: string) => packTar([{ name, bytes: Buffer.from('x') }]);
    const part = (length: number) => 'p'.repeat(length);
    const fits = [
      part(100),
      `a/${part(98)}`,
      `a/${part(100)}`,
      `${part(155)}/${part(100)}`,
      `${part(50)}/b/${part(99)}`,
    ];
    for (const name of fits) expect(unpackTar(named(name)).map(each => each.name)).toEqual([name]);
    for (const name of [part(101), `a/${part(101)}`, `${part(156)}/${part(100)}`])
      expect(() => named(name), name).toThrowError(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });

  it('refuses any other bytes without an exception of another kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), bytes => {
        expect(() => unpackTar(Buffer.from(bytes))).toThrowError(
          expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
        );
      }),
    );
  });

  test('is one that tar can read, and refuses what tar can do besides', ({ repo }) => {
    writeFileSync(
      path.join(repo.root, 'x.tar'),
      packTar([{ name: 'commands/SPEC/a.txt', bytes: Buffer.from('hello') }]),
    );
    execFileSync('tar', ['xf', 'x.tar'], { cwd: repo.root });
    expect(repo.read('commands/SPEC/a.txt')).toBe('hello');
    execFileSync('ln', ['-s', '/etc/passwd', 'link'], { cwd: repo.root });
    execFileSync('tar', ['cf', 'y.tar', '--format=ustar', 'link'], { cwd: repo.root });
    expect(() => unpackTar(readFileSync(path.join(repo.root, 'y.tar')))).toThrowError(/plain files/);
    for (const name of ['../x', '/etc/x', 'a//b', 'a/../b', '.', 'a\\b'])
      expect(() => unpackTar(packTar([{ name, bytes: Buffer.from('x') }]))).toThrowError(/plain files/);
    const twice = { name: 'a', bytes: Buffer.from('x') };
    expect(() => unpackTar(packTar([twice, twice]))).toThrowError(/plain files/);
  });
});
