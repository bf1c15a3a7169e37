import { expect } from 'vitest';
import type { Finding } from '../../schemas/shared.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { lintTasks } from '../../src/lint/lint-tasks.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { bundleOf, guardrailBundle, quiet } from '../evidence/fixtures.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const ROOT = 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence';
const SPEC = 'SPEC-A-1';

function tracker(repo: Repository, status: string, evidence: string): void {
  const head =
    '| Order | Task ID | Title | Status | Owners | Evidence |\n| --- | --- | --- | --- | --- | --- |\n';
  repo.write('SPEC.md', `# Spec Tracker\n\n${head}| 1 | T1 | A task | ${status} | Ana | ${evidence} |\n`);
}

async function claims(workspace: Workspace): Promise<readonly Finding[]> {
  const { findings } = await lintTasks(workspace, { profile: 'strict', limit: 50 });
  return findings.filter(({ code }) =>
    /^tracker\/evidence-(?:false|failed|unrecorded|stale|incomplete)$/.test(code),
  );
}

const verify = (workspace: Workspace) => verifyEvidence(workspace, ROOT, { all: true }, quiet);

/** Records a plan guardrail whose telemetry is in this root; its telemetry file is returned. */
function record(workspace: Workspace, outcome: 'passed' | 'failed'): string {
  const bundle = guardrailBundle(workspace, outcome, outcome);
  const { files } = publishBundle(workspace, ROOT, bundle);
  return files.find(({ path }) => /\/spec-plan_[^_]*\.json$/.test(path))?.path ?? '';
}

test('a Done row on a recorded pass, or on what a caller attests, is believed', async ({
  repo,
  workspace,
}) => {
  const passed = record(workspace, 'passed');
  const { files } = publishBundle(workspace, ROOT, bundleOf(workspace, { 'note.txt': 'x' }));
  tracker(repo, 'Done', `${passed}, ${files[0]?.path}`);
  expect(await claims(workspace)).toEqual([]);
  expect((await verify(workspace)).findings).toEqual([]);
});

test('a Done row on a run that failed is an error that names the bundle, in lint and in verify', async ({
  repo,
  workspace,
}) => {
  const failed = record(workspace, 'failed');
  const session = /\d{8}T\d{6}Z-[0-9a-f]{8}/.exec(failed)?.[0] ?? 'none';
  tracker(repo, 'Done', failed);
  expect(await claims(workspace)).toMatchObject([
    {
      code: 'tracker/evidence-failed',
      severity: 'error',
      line: 5,
      message: `T1: it is Done, but ${session} is failed.`,
    },
  ]);
  expect(await verify(workspace)).toMatchObject({
    outcome: 'false',
    findings: [{ code: 'tracker-claim', file: 'SPEC.md', line: 5, bundle: session, specId: SPEC }],
  });
  tracker(repo, 'In Progress', failed);
  expect(await claims(workspace)).toEqual([]);
});

test('a Done row on a changed bundle is false, with the code of what changed', async ({
  repo,
  workspace,
}) => {
  const passed = record(workspace, 'passed');
  repo.write(passed, `${repo.read(passed)} `);
  tracker(repo, 'Done', passed);
  expect(await claims(workspace)).toMatchObject([{ code: 'tracker/evidence-false' }]);
  expect((await claims(workspace))[0]?.message).toContain('file-changed');
});

test('a Done row on a file that no record names is not proven', async ({ repo, workspace }) => {
  const path = `${ROOT}/commands/${SPEC}/spec-plan_20261122T110000Z-00c0ffee.json`;
  repo.write(path, '{"outcome":"passed"}');
  tracker(repo, 'Done', path);
  expect(await claims(workspace)).toMatchObject([{ code: 'tracker/evidence-unrecorded' }]);
});

test('a Done row on a pass that a newer run took back is stale, until a newer one passes', async ({
  repo,
  workspace,
}) => {
  const first = record(workspace, 'passed');
  tracker(repo, 'Done', first);
  record(workspace, 'failed');
  expect(await claims(workspace)).toMatchObject([{ code: 'tracker/evidence-stale' }]);
  record(workspace, 'passed');
  expect(await claims(workspace)).toEqual([]);
});

test.for([
  ['that lies', '{"unlock_status":"unlocked"}', 'tracker/evidence-false', 'constant-field'],
  ['that failed', '{"unlock_status":"failed"}', 'tracker/evidence-failed', 'honest failure'],
  ['that is no JSON', '{', 'tracker/evidence-false', 'not-json'],
] as const)(
  'a Done row on older evidence %s is an error with the reason',
  async ([, text, code, reason], { repo, workspace }) => {
    const path = `${ROOT}/commands/${SPEC}/spec-unlock_2025-03-01T10:00:00Z-1.json`;
    repo.write(path, text);
    tracker(repo, 'Done', path);
    const [claim, ...more] = await claims(workspace);
    expect(more).toEqual([]);
    expect(claim).toMatchObject({ code });
    expect(claim?.message).toContain(reason);
  },
);

test('older evidence that cannot be checked is a warning', async ({ repo, workspace }) => {
  const path = `${ROOT}/commands/${SPEC}/spec-audit_2025-03-01T10:00:00Z-1.json`;
  repo.write(path, '{"scenarios":[{"name":"x","status":"skipped"}]}');
  tracker(repo, 'Done', path);
  expect(await claims(workspace)).toMatchObject([
    { code: 'tracker/evidence-incomplete', severity: 'warning' },
  ]);
});
