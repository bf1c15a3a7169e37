import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A copy of the example workspace in a temporary git repository. */
export interface DemoWorkspace {
  readonly root: string;
  /** Hex sha256 of its spec-kit.toml. */
  readonly settingsDigest: string;
  commit(message: string): void;
  /** Changes one byte in the middle of a file. */
  spoil(relative: string): void;
  remove(): void;
}

/** As seen from the bundle, dist/bin. */
const example = fileURLToPath(new URL('../../examples/kavedarr', import.meta.url));

export function createDemoWorkspace(): DemoWorkspace {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'spec-kit-demo-')));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.com', ...args], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  cpSync(example, root, { recursive: true });
  git('init', '-q', '-b', 'main');
  const commit = (message: string) => {
    git('add', '-A');
    git('commit', '-q', '--no-gpg-sign', '-m', message);
  };
  commit('the example workspace');
  return {
    root,
    settingsDigest: createHash('sha256')
      .update(readFileSync(path.join(root, 'spec-kit.toml')))
      .digest('hex'),
    commit,
    spoil(relative) {
      const file = path.join(root, relative);
      const bytes = readFileSync(file);
      const middle = bytes.length >> 1;
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
