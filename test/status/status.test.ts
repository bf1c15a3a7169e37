import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { publishBundle } from '../../src/evidence/publish.js';
import { stagesOf } from '../../src/evidence/stages.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { specStatus } from '../../src/status/status.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { bundleOf, quiet } from '../evidence/fixtures.js';
import { ROOT, recordStage } from '../support/earlier.js';
import { forge } from '../support/forge.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const passing = (text: string) => text.replaceAll('"failed"', '"passed"');
const at = (seq: number) => ({ root: ROOT, specId: SPEC_ID, seq });

function note(workspace: Workspace): void {
  publishBundle(workspace, ROOT, { ...bundleOf(workspace, { 'note.txt': 'x' }), specId: SPEC_ID });
}

function telemetryOf(repo: Repository, session: string, stage = 'plan'): string {
  expect(repo.read(`${ROOT}/commands/${SPEC_ID}/spec-${stage}_${session}.json`)).toContain(session);
  return `${ROOT}/commands/${SPEC_ID}/spec-${stage}_${session}.json`;
}

function removeRecord(repo: Repository, seq: number): void {
  rmSync(path.join(repo.root, `${ROOT}/ledger/${SPEC_ID}/${String(seq).padStart(8, '0')}.json`));
}

test('sound evidence is shown as what it is, with nothing said against it', async ({ repo, workspace }) => {
  writePacket(repo);
  recordStage(repo, 'plan');
  recordStage(repo, 'tasks', { status: 'failed' });
  const { stages, evidence } = await specStatus(workspace, SPEC_ID);
  expect(stages).toEqual([
    { stage: 'plan', outcome: 'passed', bundle: expect.any(String), at: expect.any(String) },
    { stage: 'tasks', outcome: 'failed', bundle: expect.any(String), at: expect.any(String) },
  ]);
  expect(evidence).not.toHaveProperty('problem');
});

test.for<readonly [string, (repo: Repository, workspace: Workspace) => void]>([
  [
    'the telemetry was edited, manifest and record with it',
    (repo, workspace) => {
      recordStage(repo, 'plan', { status: 'failed' });
      note(workspace);
      forge(repo, at(1), passing, true);
    },
  ],
  [
    'the newest record was forged and its manifest still tells the truth',
    repo => {
      recordStage(repo, 'plan', { status: 'failed' });
      forge(repo, at(1), passing, false);
    },
  ],
  [
    'its log was edited',
    repo => {
      const log = telemetryOf(repo, recordStage(repo, 'plan')).replace('.json', '_log.txt');
      repo.write(log, 'all good');
    },
  ],
  [
    'the record of a newer run is gone',
    (repo, workspace) => {
      recordStage(repo, 'plan');
      recordStage(repo, 'plan', { status: 'failed' });
      note(workspace);
      removeRecord(repo, 2);
    },
  ],
  [
    'the newest record, of a failed run, names nothing that is there',
    repo => {
      recordStage(repo, 'plan');
      recordStage(repo, 'plan', { status: 'failed' });
      const file = `${ROOT}/ledger/${SPEC_ID}/00000002.json`;
      repo.write(file, repo.read(file).replace('/spec-plan_', '/note_'));
    },
  ],
  [
    'a hole hides the failed run behind it',
    repo => {
      for (const status of ['passed', 'passed', 'passed', 'failed'] as const)
        recordStage(repo, 'plan', { status });
      removeRecord(repo, 3);
    },
  ],
] as const)('where $0, the stage is not passed', async ([, prepare], { repo, workspace }) => {
  writePacket(repo);
  prepare(repo, workspace);
  // Each of these reads passed where nothing is verified.
  expect(stagesOf(workspace, ROOT, SPEC_ID)).toEqual([expect.objectContaining({ outcome: 'passed' })]);
  const { stages, summary, next } = await specStatus(workspace, SPEC_ID);
  expect(stages).toEqual([
    expect.objectContaining({ outcome: 'incomplete', problem: expect.stringMatching(/.{20}/) }),
  ]);
  expect(summary).toContain('its evidence does not hold');
  expect(summary).not.toContain('passed');
  expect(next?.tool).toMatch(/^(verify_evidence|run_guardrail)$/);
  expect((await verifyEvidence(workspace, ROOT, { specId: SPEC_ID }, quiet)).outcome).toBe('tampered');
});

test('a rollback behind the anchor of a commit leaves no stage passed', async ({ repo, workspace }) => {
  writePacket(repo);
  recordStage(repo, 'plan');
  recordStage(repo, 'plan', { status: 'failed' });
  const { heads } = await verifyEvidence(workspace, ROOT, { specId: SPEC_ID }, quiet);
  repo.git('commit', '--allow-empty', '-qm', `x\n\nEvidence-Head: ${heads[0]}`);
  removeRecord(repo, 2);
  const { stages, evidence } = await specStatus(workspace, SPEC_ID);
  expect(stages).toEqual([expect.objectContaining({ outcome: 'incomplete' })]);
  expect(evidence?.problem).toContain('were removed');
});

test('a note of a caller that was edited speaks against no stage', async ({ repo, workspace }) => {
  writePacket(repo);
  recordStage(repo, 'plan');
  const told = { ...bundleOf(workspace, { 'note.txt': 'x' }), specId: SPEC_ID };
  repo.write(publishBundle(workspace, ROOT, told).files[0]?.path ?? '', 'y');
  expect((await specStatus(workspace, SPEC_ID)).stages).toMatchObject([{ outcome: 'passed' }]);
});

test('the list of all specs says what records claim, and that nothing passed', async ({
  repo,
  workspace,
}) => {
  writePacket(repo);
  const bundle = recordStage(repo, 'plan');
  const { specs } = await specStatus(workspace, undefined);
  expect(specs?.[0]?.lastStage).toEqual({ stage: 'plan', claims: 'passed', bundle, at: expect.any(String) });
});
