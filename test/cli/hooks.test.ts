import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { HOOK, HOOK_PATH } from '../../src/cli/hook-script.js';
import { writeEvidence } from '../../src/evidence/write.js';
import { createRun, updateRun } from '../../src/pipeline/run-store.js';
import { loadSettings } from '../../src/settings/load.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { PROGRAM, runCli } from '../support/cli.js';
import { ROOT } from '../support/earlier.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

/** Records a note and gives the path of its file. */
async function note(workspace: Workspace, content: string): Promise<string> {
  const text = { specId: SPEC_ID, name: 'note.txt', content, kind: 'note' };
  return (await writeEvidence(workspace, await loadSettings(workspace), text)).files[0]?.path ?? '';
}

/** Installs the hook and gives a real `git push` to a repository of its own; what the hook said, and whether it let go. */
async function pushing(repo: Repository): Promise<(skip?: string) => string> {
  writePacket(repo);
  expect((await runCli(repo.root, ['hooks', 'install'])).exitCode).toBe(0);
  const bin = path.join(repo.root, '.git/bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'spec-kit-mcp'), `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} "$@"\n`, {
    mode: 0o755,
  });
  repo.git('init', '-q', '--bare', '.git/elsewhere');
  return (skip = '') => {
    const env = { PATH: `${bin}:${process.env['PATH']}`, HOME: repo.root, SPEC_KIT_SKIP_HOOK: skip };
    try {
      const words = ['-c', 'advice.pushUpdateRejected=false', 'push', '-q', '.git/elsewhere', '+HEAD:main'];
      return `pushed: ${execFileSync('git', words, { cwd: repo.root, env, encoding: 'utf8', stdio: 'pipe' })}`;
    } catch (error) {
      return `blocked: ${String(Object(error).stdout)}${String(Object(error).stderr)}`;
    }
  };
}

test('the hook lets a sound push go and stops one with changed evidence; it is installed and removed without harm', async ({
  repo,
  workspace,
}) => {
  const push = await pushing(repo);
  expect(repo.read(HOOK_PATH)).toBe(HOOK);
  expect((await runCli(repo.root, ['hooks', 'install'])).exitCode).toBe(0);
  const file = await note(workspace, 'x');
  repo.commit();
  expect(push()).toMatch(/^pushed/);
  repo.write(file, 'y');
  repo.commit();
  expect(push()).toMatch(/^blocked: .*verify --all.*SPEC_KIT_SKIP_HOOK=1/s);
  expect(push('1')).toBe('pushed: ');
  repo.write(HOOK_PATH, `${HOOK}# mine\n`);
  expect((await runCli(repo.root, ['hooks', 'uninstall'])).exitCode).toBe(1);
  expect((await runCli(repo.root, ['hooks', 'install'])).exitCode).toBe(4);
  repo.write(HOOK_PATH, HOOK);
  expect((await runCli(repo.root, ['hooks', 'uninstall'])).exitCode).toBe(0);
});

test('changed evidence in the commit is not hidden by sound evidence in the work tree', async ({
  repo,
  workspace,
}) => {
  const push = await pushing(repo);
  const file = await note(workspace, 'x');
  repo.commit();
  repo.write(file, 'y');
  repo.commit();
  repo.git('checkout', '-q', 'HEAD~1', '--', ROOT);
  expect(push()).toMatch(/^blocked: .*is not what was verified: .*note_.*\.txt differ from HEAD/s);
  repo.git('restore', '--staged', ROOT);
  expect(push()).toMatch(/^blocked: .*is not what was verified/s);
  repo.commit();
  expect(push()).toMatch(/^pushed/);
});

test.for([
  ['a file of a recorded bundle', /note_[^/]+\.txt$/],
  ['a manifest', /_manifest\.json$/],
  ['a record before the last one', /ledger\/.*\/00000001\.json$/],
] as const)(
  '%s that lies in the work tree alone does not stand for one in the commit',
  async ([, which], { repo, workspace }) => {
    const push = await pushing(repo);
    await note(workspace, 'x');
    await note(workspace, 'y');
    repo.commit();
    const file =
      repo
        .git('ls-files', ROOT)
        .split('\n')
        .find(path => which.test(path)) ?? '';
    repo.git('rm', '-q', '--cached', file);
    repo.git('commit', '-q', '-m', 'less');
    expect(push()).toMatch(
      /^blocked: .*is not what was verified: .* not in HEAD, whose records need them\. Commit/s,
    );
    repo.commit();
    expect(push()).toMatch(/^pushed/);
  },
);

test('work that is not committed stops no push; new evidence is said to stay here', async ({
  repo,
  workspace,
}) => {
  const push = await pushing(repo);
  const { runId } = createRun(workspace, ROOT, { kind: 'auto', specId: SPEC_ID, stage: null });
  repo.commit();
  updateRun(workspace, ROOT, runId, () => ({ status: 'interrupted', owner: null }));
  expect(repo.git('status', '--porcelain')).toMatch(/^ M .*\/runs\//);
  repo.write('SPEC.md', `${repo.read('SPEC.md')}\nmore\n`);
  await note(workspace, 'x');
  expect(push()).toMatch(/^pushed/);
  const { stdout, exitCode } = await runCli(repo.root, ['hooks', 'run']);
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/new files of evidence are not committed/)]);
});
