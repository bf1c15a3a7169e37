import { describe, expect } from 'vitest';
import { publishBundle } from '../../src/evidence/publish.js';
import { testResult, verificationSummary } from '../../src/evidence/statements.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { forge } from '../support/forge.js';
import { test } from '../support/workspace.js';
import { committed, guardrailBundle, ROOT, recordStage, SPEC } from './fixtures.js';

const stages = (workspace: Workspace, audit: 'passed' | 'failed') => {
  for (const stage of ['plan', 'tasks', 'implement', 'validate', 'audit'] as const) {
    const outcome = stage === 'audit' ? audit : 'passed';
    recordStage(workspace, stage, outcome, outcome);
  }
};

describe('statements that others read', () => {
  test('are in-toto statements about a commit', async ({ workspace }) => {
    stages(workspace, 'passed');
    const made = [
      await testResult(workspace, ROOT, SPEC, undefined),
      verificationSummary(workspace, ROOT, SPEC, true),
    ];
    for (const statement of made)
      expect(statement).toMatchObject({
        _type: 'https://in-toto.io/Statement/v1',
        subject: [{ digest: { gitCommit: committed.commit } }],
      });
  });

  test('a test result names the commit and the checks; what failed or did not run is no pass', async ({
    workspace,
  }) => {
    stages(workspace, 'failed');
    expect(await testResult(workspace, ROOT, SPEC, undefined)).toMatchObject({
      subject: [{ digest: { gitCommit: committed.commit } }],
      predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
      predicate: { result: 'FAILED', passedTests: [], failedTests: ['clean-tree'] },
    });
    recordStage(workspace, 'plan', 'incomplete', 'not_run');
    expect((await testResult(workspace, ROOT, SPEC, undefined)).predicate).toMatchObject({
      result: 'FAILED',
      warnedTests: ['clean-tree'],
    });
  });

  test('a bundle that was changed, or belongs to no commit, is not attested', async ({ repo, workspace }) => {
    const { files } = publishBundle(workspace, ROOT, guardrailBundle(workspace));
    await expect(testResult(workspace, ROOT, SPEC, undefined)).rejects.toThrowError(/belongs to no commit/);
    repo.write(files[0]?.path ?? '', '{}');
    await expect(testResult(workspace, ROOT, SPEC, undefined)).rejects.toThrowError(/does not verify/);
    await expect(testResult(workspace, ROOT, 'SPEC-NONE-1', undefined)).rejects.toThrowError(
      /no recorded guardrail/,
    );
  });

  test('nothing of a ledger that does not verify is attested', async ({ repo, workspace }) => {
    recordStage(workspace, 'plan', 'failed', 'failed');
    recordStage(workspace, 'tasks', 'passed', 'passed');
    forge(repo, { root: ROOT, specId: SPEC, seq: 1 }, text => text.replaceAll('"failed"', '"passed"'), true);
    await expect(testResult(workspace, ROOT, SPEC, undefined)).rejects.toThrowError(
      /ledger .* does not verify/,
    );
  });

  test('a verification summary passes only when all stages passed and the evidence verifies', ({
    workspace,
  }) => {
    const result = (verified: boolean) => verificationSummary(workspace, ROOT, SPEC, verified).predicate;
    stages(workspace, 'failed');
    expect(result(true)).toMatchObject({ verificationResult: 'FAILED', verifiedLevels: [] });
    stages(workspace, 'passed');
    expect(result(true)).toMatchObject({ verificationResult: 'PASSED', inputAttestations: { length: 5 } });
    expect(result(false)).toMatchObject({ verificationResult: 'FAILED', verifiedLevels: [] });
  });

  test('a summary speaks for the commit of the audit, whatever was unlocked later', ({ workspace }) => {
    stages(workspace, 'passed');
    recordStage(workspace, 'unlock', 'passed', 'passed', { commit: 'd'.repeat(40) });
    expect(verificationSummary(workspace, ROOT, SPEC, true)).toMatchObject({
      subject: [{ digest: { gitCommit: committed.commit } }],
      predicate: { verificationResult: 'PASSED' },
    });
  });

  test('a summary counts no stage that ran again after the audit, which did not see that run', ({
    workspace,
  }) => {
    stages(workspace, 'passed');
    recordStage(workspace, 'validate', 'passed', 'passed', { commit: 'd'.repeat(40) });
    expect(verificationSummary(workspace, ROOT, SPEC, true).predicate).toMatchObject({
      verificationResult: 'FAILED',
      verifiedLevels: [],
    });
    recordStage(workspace, 'audit', 'passed', 'passed');
    expect(verificationSummary(workspace, ROOT, SPEC, true).predicate).toMatchObject({
      verificationResult: 'PASSED',
      verifiedLevels: ['PLAN', 'TASKS', 'IMPLEMENT', 'VALIDATE', 'AUDIT'].map(name => `SPEC_KIT_${name}`),
    });
  });

  test('what ran on uncommitted changes is attested of no commit', async ({ workspace }) => {
    stages(workspace, 'passed');
    recordStage(workspace, 'audit', 'passed', 'passed', { dirty: true });
    const refused = /belongs to no commit, because it ran on uncommitted changes/;
    expect(() => verificationSummary(workspace, ROOT, SPEC, true)).toThrowError(refused);
    await expect(testResult(workspace, ROOT, SPEC, undefined)).rejects.toThrowError(refused);
  });
});
