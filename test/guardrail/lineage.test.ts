import { expect } from 'vitest';
import { Settings } from '../../schemas/settings.js';
import { lineageOf } from '../../src/guardrail/lineage.js';
import { sourceState } from '../../src/guardrail/source.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { recordStage } from '../support/earlier.js';
import { TRACKER, writePacket } from '../support/packet.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const settings = Settings.parse({});
const ROOT = settings.workspace.evidence_root;
const head = (repo: Repository) => repo.git('rev-parse', 'HEAD').trim();

async function lineage(workspace: Workspace, commit: string | null, dirty = false) {
  const source = await sourceState(workspace, { settings });
  return lineageOf({ workspace, settings, source }, { commit, tree: null, branch: null, dirty });
}

test('evidence of this commit, or of one from which only evidence and the tracker differ, belongs here', async ({
  repo,
  workspace,
}) => {
  writePacket(repo);
  const then = head(repo);
  expect(await lineage(workspace, then)).toEqual({ kind: 'here' });
  repo.commit('an empty one');
  expect(await lineage(workspace, then)).toEqual({ kind: 'here' });
  recordStage(repo, 'plan');
  recordStage(repo, 'tasks');
  repo.write('SPEC.md', `${TRACKER}\n`);
  repo.commit('evidence');
  const recorded = head(repo);
  expect(await lineage(workspace, then)).toEqual({ kind: 'here' });
  repo.git('rm', '-q', '-r', `${ROOT}/commands`);
  repo.write(`${ROOT}/archive/SPEC-KIT-DEMO/20261122T100000Z-00000001.evidence`, 'packed');
  repo.commit('archived');
  expect(await lineage(workspace, recorded)).toEqual({ kind: 'here' });
});

test.for<[string, string]>([
  ['a source file', 'src/a.ts'],
  ['a file that only lies beside the evidence', `${ROOT}/hidden.ts`],
  ['code among the evidence', `${ROOT}/commands/SPEC-KIT-DEMO/lib.mjs`],
  [
    'code among the evidence that is named like it',
    `${ROOT}/commands/SPEC-KIT-DEMO/lib_20261122T100000Z-00000001.mjs`,
  ],
  ['a ledger record that is none', `${ROOT}/ledger/SPEC-KIT-DEMO/00000001.json`],
  ['a file whose name starts like the tracker', 'SPEC.md.bak'],
  ['a document of the packet', 'docs/SPEC-KIT-DEMO/plan.md'],
])('%s that changed since is named', async ([, path], { repo, workspace }) => {
  writePacket(repo);
  const then = head(repo);
  repo.write(path, 'new');
  repo.commit();
  const found = await lineage(workspace, then);
  expect(found).toMatchObject({ kind: 'elsewhere', changed: [path] });
});

test('a file that was renamed or removed counts under its old name', async ({ repo, workspace }) => {
  repo.write('test/a.test.ts', 'x'.repeat(200));
  writePacket(repo);
  const then = head(repo);
  repo.git('mv', 'test/a.test.ts', `${ROOT.split('/')[0]}/a.txt`);
  repo.commit();
  expect(await lineage(workspace, then)).toMatchObject({ changed: ['docs/a.txt', 'test/a.test.ts'] });
});

test('a submodule that moved counts, also where the configuration says to ignore it', async ({
  repo,
  workspace,
}) => {
  const inside = (message: string) =>
    repo.git(
      ...['-C', 'sub', '-c', 'user.name=x', '-c', 'user.email=x@example.com'],
      ...['commit', '-q', '--allow-empty', '-m', message],
    );
  repo.git('init', '-q', 'sub');
  inside('1');
  writePacket(repo);
  const then = head(repo);
  inside('2');
  repo.commit('sub moved');
  repo.git('config', 'diff.ignoreSubmodules', 'all');
  expect(await lineage(workspace, then)).toMatchObject({ changed: ['sub'] });
});

test.for([
  [
    'a commit on a branch that was not merged',
    (repo: Repository) => {
      repo.git('checkout', '-q', '-b', 'other');
      repo.commit('aside');
      const aside = head(repo);
      repo.git('checkout', '-q', 'main');
      repo.commit('ahead');
      return aside;
    },
  ],
  [
    'a commit of unrelated history',
    (repo: Repository) => {
      repo.git('checkout', '-q', '--orphan', 'other');
      repo.commit('elsewhere');
      const elsewhere = head(repo);
      repo.git('checkout', '-q', 'main');
      return elsewhere;
    },
  ],
  ['a commit that is not here at all', () => 'a'.repeat(40)],
  ['the tree of this commit', (repo: Repository) => repo.git('rev-parse', 'HEAD^{tree}').trim()],
  ['an option', () => '--output=/tmp/x'],
] as const)('%s is no ancestor', async ([, commitOf], { repo, workspace }) => {
  writePacket(repo);
  expect(await lineage(workspace, commitOf(repo))).toMatchObject({
    kind: 'elsewhere',
    why: expect.stringContaining('not in the history'),
  });
});

test('evidence of no commit, and evidence of uncommitted changes, is told apart', async ({
  repo,
  workspace,
}) => {
  writePacket(repo);
  expect(await lineage(workspace, null)).toMatchObject({ kind: 'elsewhere', why: 'it belongs to no commit' });
  expect(await lineage(workspace, head(repo), true)).toMatchObject({ kind: 'dirty' });
  expect(await lineage(workspace, head(repo), false)).toMatchObject({ kind: 'here' });
});

test('a commit that comes after this one is no ancestor', async ({ repo, workspace }) => {
  writePacket(repo);
  repo.commit('later');
  const later = head(repo);
  repo.git('reset', '-q', '--hard', 'HEAD~1');
  expect(await lineage(workspace, later)).toMatchObject({ kind: 'elsewhere' });
});
