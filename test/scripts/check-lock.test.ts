import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface Entry {
  [field: string]: unknown;
}
interface Tree {
  lock: { packages: Record<string, Entry> };
  manifest: { dependencies: Record<string, string> };
  npmrc: string;
}

/** What the gate says over this project's own files after `change`; '' when it lets them pass. */
function breaches(change: (tree: Tree) => void): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'spec-kit-lock-'));
  folders.push(folder);
  const tree: Tree = {
    lock: JSON.parse(readFileSync('package-lock.json', 'utf8')),
    manifest: JSON.parse(readFileSync('package.json', 'utf8')),
    npmrc: readFileSync('.npmrc', 'utf8'),
  };
  change(tree);
  mkdirSync(path.join(folder, 'scripts'));
  cpSync('scripts/check-lock.mjs', path.join(folder, 'scripts/check-lock.mjs'));
  writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify(tree.lock));
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(tree.manifest));
  writeFileSync(path.join(folder, '.npmrc'), tree.npmrc);
  try {
    execFileSync(process.execPath, [path.join(folder, 'scripts/check-lock.mjs')], { stdio: 'pipe' });
    return '';
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
  }
}

/** A change of one field of the entry of zod. */
const zod =
  (field: string, value: unknown) =>
  ({ lock }: Tree): void => {
    lock.packages['node_modules/zod'] = { ...lock.packages['node_modules/zod'], [field]: value };
  };

test('the lockfile of this project brings nothing unexpected', () => {
  expect(breaches(() => {})).toBe('');
});

test.for([
  ['no digest', zod('integrity', undefined), 'node_modules/zod has no sha512'],
  ['a weak digest', zod('integrity', 'sha1-x'), 'node_modules/zod has no sha512'],
  [
    'a package from a git repository',
    zod('resolved', 'git+ssh://git@example.com/zod.git#abc'),
    'node_modules/zod comes from git+ssh://git@example.com/zod.git#abc, not from the registry',
  ],
  ['an install script', zod('hasInstallScript', true), 'node_modules/zod has an install script'],
  ['a licence nobody agreed to', zod('license', 'AGPL-3.0'), 'has the licence AGPL-3.0'],
  ['a link', zod('link', true), 'node_modules/zod is a link'],
  [
    'a version range',
    ({ manifest }: Tree) => {
      manifest.dependencies['zod'] = '^4.0.0';
    },
    'package.json wants zod "^4.0.0", which is no exact version',
  ],
  [
    'scripts switched on',
    (tree: Tree) => {
      tree.npmrc = tree.npmrc.replace('ignore-scripts=true', 'ignore-scripts=false');
    },
    '.npmrc lacks ignore-scripts=true',
  ],
  [
    'too many packages at run time',
    ({ lock }: Tree) => {
      for (let i = 0; i < 60; i++)
        lock.packages[`node_modules/x${i}`] = { integrity: `sha512-${'A'.repeat(86)}==`, license: 'MIT' };
    },
    'packages at run time; the limit is 60',
  ],
] as const)('the gate names %s', ([, change, said]) => {
  expect(breaches(change)).toContain(said);
});
