import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Bundle } from '../../src/evidence/bundle.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { rebaseEvidence } from '../../src/evidence/rebase.js';
import { stagesOf } from '../../src/evidence/stages.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';
import { bundleOf, consensusBundle, guardrailBundle, quiet, ROOT, SPEC } from './fixtures.js';

const verify = (workspace: Workspace) => verifyEvidence(workspace, ROOT, { specId: SPEC }, quiet);
const rebase = (workspace: Workspace, adopt: boolean) =>
  rebaseEvidence(workspace, ROOT, SPEC, { apply: true, adopt });

/** Publishes a bundle and takes its record away, as if the crash came just before it. */
function orphaned(repo: Repository, workspace: Workspace, bundle: Bundle) {
  const published = publishBundle(workspace, ROOT, bundle);
  rmSync(path.join(repo.root, published.record.path));
  return published;
}

test('bundles that no record names get one by order alone', async ({ repo, workspace }) => {
  publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'one' }));
  const { bundle } = orphaned(repo, workspace, guardrailBundle(workspace));
  repo.commit();
  expect((await verify(workspace)).outcome).toBe('incomplete');
  expect(await rebase(workspace, false)).toMatchObject({
    appended: [],
    left: [{ bundle, why: expect.stringContaining('--adopt') }],
  });
  expect((await verify(workspace)).outcome).toBe('incomplete');
  expect(await rebase(workspace, true)).toMatchObject({
    appended: [{ seq: 2, from: null, bundle }],
    left: [],
  });
  expect(await verify(workspace)).toMatchObject({ outcome: 'ok', findings: [] });
});

test.for<readonly [string, RegExp, (repo: Repository, workspace: Workspace) => void]>([
  [
    'with a file that is not the one its manifest names',
    /file-changed/,
    (repo, workspace) => {
      const { files } = orphaned(repo, workspace, guardrailBundle(workspace));
      repo.write(files[1]?.path ?? '', 'all good');
    },
  ],
  [
    'that claims what its checks deny',
    /false-claim/,
    (repo, workspace) => void orphaned(repo, workspace, guardrailBundle(workspace, 'passed', 'failed')),
  ],
  [
    'whose agents never agreed',
    /claim-mismatch|false-claim/,
    (repo, workspace) => void orphaned(repo, workspace, consensusBundle(workspace, 'ok', 'conflict')),
  ],
  [
    'that would stand after a later run',
    /came after it/,
    (repo, workspace) => {
      const early = { ...workspace, now: () => new Date(workspace.now().getTime() - 60_000) };
      orphaned(repo, early, guardrailBundle(workspace));
      publishBundle(workspace, ROOT, guardrailBundle(workspace, 'failed', 'failed'));
    },
  ],
  [
    'of a time to come',
    /still to come/,
    (repo, workspace) => {
      const late = { ...workspace, now: () => new Date(workspace.now().getTime() + 60_000) };
      orphaned(repo, late, guardrailBundle(workspace));
    },
  ],
  [
    'with two manifests',
    /more than one/,
    (repo, workspace) => {
      const { manifest } = orphaned(repo, workspace, guardrailBundle(workspace));
      repo.write(manifest.path.replace('spec-plan_', 'spec-tasks_'), repo.read(manifest.path));
    },
  ],
])(
  'a bundle that no record names, $0, gets none, not even by order',
  async ([, why, prepare], { repo, workspace }) => {
    publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'one' }));
    prepare(repo, workspace);
    repo.commit();
    const { appended, left } = await rebase(workspace, true);
    expect(appended).toEqual([]);
    expect(left[0]?.why).toMatch(why);
    expect(stagesOf(workspace, ROOT, SPEC).some(({ outcome }) => outcome === 'passed')).toBe(false);
  },
);
