import { createHash } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { LedgerRecord } from '../../schemas/evidence.js';
import type { Stage } from '../../schemas/ids.js';
import { ROOT, recordEarlier, recordStage } from '../support/earlier.js';
import { SPEC_ID, TRACKER, writePacket } from '../support/packet.js';
import type { Repository } from '../support/repository.js';
import { checkOf, runStage, type StageOptions } from '../support/stage.js';
import { test } from '../support/workspace.js';

const audit = (repo: Repository, options: StageOptions = {}) => runStage(repo, 'audit', options);
const head = (repo: Repository) => repo.git('rev-parse', 'HEAD').trim();
const file = (stage: Stage, session: string) => `${ROOT}/commands/${SPEC_ID}/spec-${stage}_${session}.json`;

test('passes on sound evidence that lies in the work tree, committed or not', async ({ repo }) => {
  writePacket(repo);
  recordEarlier(repo);
  const first = await audit(repo);
  expect(first.report).toMatchObject({ outcome: 'passed', waivers: [] });
  repo.commit('evidence');
  const second = await audit(repo);
  expect(second.report.outcome).toBe('passed');
  expect(checkOf(second, 'ledger').message).toMatch(/chain of 5 records/);
  expect(second.telemetry).toMatchObject({
    command: 'spec-ops-audit',
    scenarios: ['plan', 'tasks', 'implement', 'validate'].map(stage => ({
      name: `evidence:${stage}`,
      status: 'passed',
    })),
  });
});

test('without any evidence every stage is missing, and the first one is next', async ({ repo }) => {
  writePacket(repo);
  const { report } = await audit(repo);
  expect(report.outcome).toBe('failed');
  const failed = report.checks.filter(({ status }) => status === 'failed').map(({ name }) => name);
  expect(failed).toEqual([
    'ledger',
    ...['plan', 'tasks', 'implement', 'validate'].map(each => `evidence:${each}`),
  ]);
  expect(report.next).toEqual({ tool: 'run_guardrail', arguments: { specId: SPEC_ID, stage: 'plan' } });
});

test.for(['plan', 'tasks', 'implement', 'validate'] as const)(
  '%s that did not pass is named',
  async (stage, { repo }) => {
    writePacket(repo);
    recordEarlier(repo, { [stage]: { status: 'failed' } });
    const run = await audit(repo);
    expect(run.report.outcome).toBe('failed');
    expect(checkOf(run, `evidence:${stage}`)).toMatchObject({ status: 'failed' });
    expect(checkOf(run, `evidence:${stage}`).message).toContain('is failed (something)');
    expect(run.report.next?.arguments).toMatchObject({ stage });
  },
);

test('the newest run of a stage counts, not the best', async ({ repo }) => {
  writePacket(repo);
  recordEarlier(repo);
  recordStage(repo, 'tasks', { status: 'not_run' });
  expect(checkOf(await audit(repo), 'evidence:tasks').message).toContain('is incomplete');
  recordStage(repo, 'tasks');
  expect((await audit(repo)).report.outcome).toBe('passed');
});

test('evidence that was edited by hand does not verify', async ({ repo }) => {
  writePacket(repo);
  recordEarlier(repo);
  const bad = recordStage(repo, 'validate', { status: 'failed' });
  const telemetry = file('validate', bad);
  repo.write(telemetry, repo.read(telemetry).replaceAll('"failed"', '"passed"'));
  const run = await audit(repo);
  expect(run.report.outcome).toBe('failed');
  expect(checkOf(run, 'evidence:validate').message).toMatch(
    /does not verify.*not the one that was recorded.*spec-validate_/,
  );
});

test('a newest record that was made unreadable does not let an older run pass for the newest', async ({
  repo,
}) => {
  writePacket(repo);
  recordEarlier(repo);
  recordStage(repo, 'validate', { status: 'failed' });
  writeFileSync(path.join(repo.root, `${ROOT}/ledger/${SPEC_ID}/00000005.json`), 'gone');
  const run = await audit(repo);
  expect(checkOf(run, 'evidence:validate').status).toBe('passed');
  expect(checkOf(run, 'ledger')).toMatchObject({ status: 'failed' });
  expect(run.report.outcome).toBe('failed');
});

/** A record with all files of its bundle, as somebody does who wants neither to be seen. */
function removeRecorded(repo: Repository, seq: number): void {
  const record = `${ROOT}/ledger/${SPEC_ID}/${String(seq).padStart(8, '0')}.json`;
  const { bundle } = LedgerRecord.parse(JSON.parse(repo.read(record)));
  rmSync(path.join(repo.root, record));
  const folder = path.join(repo.root, `${ROOT}/commands/${SPEC_ID}`);
  for (const name of readdirSync(folder)) if (name.includes(bundle)) rmSync(path.join(folder, name));
}

test('files of a bundle that no record names any more are no evidence, but a change since', async ({
  repo,
}) => {
  writePacket(repo);
  recordEarlier(repo);
  recordStage(repo, 'validate', { status: 'failed' });
  repo.commit('evidence');
  const record = `${ROOT}/ledger/${SPEC_ID}/00000005.json`;
  rmSync(path.join(repo.root, record));
  repo.commit('without its record');
  expect(checkOf(await audit(repo), 'evidence:plan')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('more than evidence and the tracker changed'),
  });
});

test('what a trailer of a commit anchored is missed, also where the chain that is left holds', async ({
  repo,
}) => {
  writePacket(repo);
  recordEarlier(repo);
  expect(checkOf(await audit(repo), 'ledger').message).toContain('No commit anchors it');
  recordStage(repo, 'validate', { status: 'failed' });
  const record = `${ROOT}/ledger/${SPEC_ID}/00000006.json`;
  const sha256 = createHash('sha256').update(repo.read(record)).digest('hex');
  repo.commit(`evidence\n\nEvidence-Head: ${SPEC_ID}@6:${sha256}`);
  expect(checkOf(await audit(repo), 'ledger')).toMatchObject({
    status: 'passed',
    message: expect.stringContaining('still contains that record'),
  });
  for (const seq of [6, 7]) removeRecorded(repo, seq);
  repo.commit('without the failure');
  const run = await audit(repo);
  expect(checkOf(run, 'evidence:validate').status).toBe('passed');
  expect(checkOf(run, 'ledger')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('record 6 and what came with it were removed'),
  });
});

test('a record in the middle that is gone breaks the ledger', async ({ repo }) => {
  writePacket(repo);
  recordEarlier(repo);
  rmSync(path.join(repo.root, `${ROOT}/ledger/${SPEC_ID}/00000002.json`));
  const run = await audit(repo);
  expect(checkOf(run, 'ledger').status).toBe('failed');
  expect(checkOf(run, 'evidence:tasks').message).toMatch(/no evidence of tasks/);
});

test('source that changed since makes the evidence stale; evidence and the tracker do not', async ({
  repo,
}) => {
  writePacket(repo);
  recordEarlier(repo);
  repo.write('SPEC.md', TRACKER.replace('In Progress', 'In Review'));
  repo.commit('evidence and tracker');
  expect((await audit(repo)).report.outcome).toBe('passed');
  repo.write('src/a.ts', 'export const a = 1;\n');
  repo.commit('code');
  const run = await audit(repo);
  expect(run.report.outcome).toBe('failed');
  expect(checkOf(run, 'evidence:plan').message).toMatch(
    /more than evidence and the tracker changed: src\/a\.ts/,
  );
  expect(checkOf(run, 'gates-unchanged').status).toBe('passed');
});

test('an uncommitted change fails; nothing but recorded evidence is excused', async ({ repo }) => {
  writePacket(repo);
  recordEarlier(repo);
  repo.write(`${ROOT}/commands/${SPEC_ID}/extra.txt`, 'smuggled');
  const run = await audit(repo);
  expect(checkOf(run, 'clean-tree').message).toContain('extra.txt');
  expect(run.report.outcome).toBe('failed');
});

test.for([
  ['a test', 'test/a.test.ts'],
  ['a test in Go', 'pkg/server_test.go'],
  ['a test in Python', 'src/test_server.py'],
  ['a test in Java', 'src/main/ServerTest.java'],
  ['the HAL profile', 'docs/hal/hal_profile.json'],
  ['the settings', 'spec-kit.toml'],
] as const)('%s that changed since validate is a finding of its own', async ([, changed], { repo }) => {
  repo.write(changed, '# one\n');
  if (changed.endsWith('.json')) repo.write(changed, '{"up":{"method":"GET","path":"/"}}');
  writePacket(repo);
  const profile = (await import('../../src/evidence/digest.js')).sha256Of(Buffer.from(repo.read(changed)));
  const hal = { profile: { path: 'docs/hal/hal_profile.json', sha256: profile } };
  recordEarlier(repo, changed.endsWith('.json') ? { validate: { hal } } : {});
  const env = { SPEC_OPS_HAL_SKIP: '1' };
  expect(checkOf(await audit(repo, { env }), 'gates-unchanged').status).toBe('passed');
  repo.write(changed, changed.endsWith('.json') ? '{"up":{"method":"GET","path":"/easier"}}' : '# two\n');
  repo.commit('weaker');
  const run = await audit(repo, { env });
  expect(checkOf(run, 'gates-unchanged')).toMatchObject({ status: 'failed' });
  expect(checkOf(run, 'gates-unchanged').message).toContain(changed);
});

test('settings and a profile that git does not know are compared too', async ({ repo }) => {
  repo.write('.gitignore', 'spec-kit.toml\ndocs/hal/\n');
  writePacket(repo, '# one\n');
  repo.write('docs/hal/hal_profile.json', '{"up":{"method":"GET","path":"/"}}');
  recordEarlier(repo, {
    validate: { hal: { profile: { path: 'docs/hal/hal_profile.json', sha256: '0'.repeat(64) } } },
  });
  repo.write('spec-kit.toml', '# two\n');
  const run = await audit(repo, { env: { SPEC_OPS_HAL_SKIP: '1' } });
  expect(checkOf(run, 'gates-unchanged').message).toContain('spec-kit.toml, docs/hal/hal_profile.json');
});

test('evidence of uncommitted changes does not count, unless the operator allows it', async ({ repo }) => {
  writePacket(repo);
  recordEarlier(repo, { validate: { dirty: true } });
  const run = await audit(repo);
  expect(run.report.outcome).toBe('failed');
  expect(checkOf(run, 'evidence:validate').message).toContain('with uncommitted changes');
  const allowed = await audit(repo, { env: { SPEC_OPS_ALLOW_DIRTY: '1' } });
  expect(allowed.report.outcome).toBe('passed');
  expect(allowed.report.waivers).toMatchObject([{ check: 'evidence:validate', by: 'SPEC_OPS_ALLOW_DIRTY' }]);
});

test('evidence of a commit that is not in this history does not count', async ({ repo }) => {
  writePacket(repo);
  repo.git('checkout', '-q', '-b', 'other');
  repo.commit('aside');
  const aside = head(repo);
  repo.git('checkout', '-q', 'main');
  repo.commit('ahead');
  recordEarlier(repo, { plan: { commit: aside } });
  expect(checkOf(await audit(repo), 'evidence:plan').message).toContain('not in the history');
});

test('waivers of earlier stages are listed, and are those of the audit too', async ({ repo }) => {
  writePacket(repo);
  const waiver = { check: 'baseline:unit', by: 'SPEC_OPS_BASELINE_ALLOW_FAIL', reason: 'known' };
  recordEarlier(repo, { plan: { waivers: [waiver] } });
  const run = await audit(repo);
  expect(run.report).toMatchObject({
    outcome: 'passed',
    waivers: [{ ...waiver, check: 'plan/baseline:unit' }],
  });
  expect(checkOf(run, 'evidence:plan').message).toContain(
    'plan/baseline:unit by SPEC_OPS_BASELINE_ALLOW_FAIL',
  );
});
