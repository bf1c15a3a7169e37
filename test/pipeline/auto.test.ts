import { expect } from 'vitest';
import type { AutoReport } from '../../schemas/auto.js';
import { STAGES } from '../../schemas/ids.js';
import { VerifyEvidenceInput } from '../../schemas/inputs/evidence.js';
import type { SpecAutoInput } from '../../schemas/inputs/stages.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { readRun } from '../../src/pipeline/run-store.js';
import { evidenceRootOf } from '../../src/settings/evidence-root.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { attemptsOf, auto, implement, openTrusted, writePipeline } from '../support/auto.js';
import { SPEC_ID } from '../support/packet.js';
import { makeRepository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const outcomes = ({ stages }: AutoReport) =>
  Object.fromEntries(stages.map(({ stage, outcome }) => [stage, outcome]));

const verified = async (workspace: Workspace) =>
  (
    await verifyEvidence(
      workspace,
      await evidenceRootOf(workspace),
      VerifyEvidenceInput.parse({ specId: SPEC_ID }),
      {
        signal: new AbortController().signal,
        progress: async () => {},
      },
    )
  ).outcome;

test('stops for the implementation with the exact next call, and then goes on to the end', async ({
  repo,
}) => {
  writePipeline(repo);
  const workspace = openTrusted(repo);
  const first = await auto(workspace);
  expect(first).toMatchObject({
    status: 'awaiting_output',
    outcome: 'incomplete',
    needs: 'implementation',
    halt: null,
    next: { tool: 'spec_auto', arguments: { specId: SPEC_ID, resume: first.runId } },
  });
  expect(outcomes(first)).toEqual({
    plan: 'passed',
    tasks: 'passed',
    implement: 'passed',
    validate: null,
    audit: null,
    unlock: null,
  });
  implement(repo);
  const last = await auto(workspace, { resume: first.runId });
  expect(last).toMatchObject({ status: 'done', outcome: 'passed', needs: null, halt: null });
  expect(outcomes(last)).toEqual(Object.fromEntries(STAGES.map(stage => [stage, 'passed'])));
  expect((await attemptsOf(workspace, first.runId)).map(({ stage, kind }) => `${kind} ${stage}`)).toEqual([
    'stage plan',
    'stage tasks',
    'stage implement',
    'recheck plan',
    'recheck tasks',
    'recheck implement',
    'stage validate',
    'stage audit',
    'stage unlock',
  ]);
  expect(await verified(workspace)).toBe('ok');
  await expect(auto(workspace, { resume: first.runId })).resolves.toMatchObject({ outcome: 'passed' });
});

test('halts at the first stage that does not pass, and resumes there once it is mended', async ({ repo }) => {
  writePipeline(repo);
  const workspace = openTrusted(repo);
  const { runId } = await auto(workspace);
  const halted = await auto(workspace, { resume: runId });
  expect(halted).toMatchObject({
    outcome: 'failed',
    status: 'done',
    halt: {
      stage: 'validate',
      code: 'GUARDRAIL_FAILED',
      findings: [{ name: 'scenario:e2e', status: 'failed' }],
      resume: { tool: 'spec_auto', arguments: { resume: runId } },
    },
  });
  expect(halted.stages.at(-1)).toMatchObject({ stage: 'unlock', outcome: null, tries: 0 });
  implement(repo);
  expect(await auto(workspace, { resume: runId })).toMatchObject({ outcome: 'passed' });
  const tries = await attemptsOf(workspace, runId);
  expect(tries.filter(({ stage }) => stage === 'validate').map(({ outcome }) => outcome)).toEqual([
    'failed',
    'passed',
  ]);
});

test.for([
  [
    'a changed spec.md',
    `docs/${SPEC_ID}/spec.md`,
    '\nMore.\n',
    /docs\/SPEC-KIT-DEMO\/spec\.md changed since it passed/,
  ],
  [
    'a changed plan.md',
    `docs/${SPEC_ID}/plan.md`,
    '\nMore.\n',
    /docs\/SPEC-KIT-DEMO\/plan\.md changed since it passed/,
  ],
  [
    'changed settings',
    'spec-kit.toml',
    '\n[commands.more]\nargv = ["true"]\n',
    /spec-kit\.toml changed since it passed/,
  ],
] as const)('refuses to go on after %s, naming it', async ([, path, more, words], { repo }) => {
  writePipeline(repo);
  const { runId } = await auto(openTrusted(repo));
  repo.write(path, repo.read(path) + more);
  repo.commit('changed');
  const workspace = openTrusted(repo);
  await expect(auto(workspace, { resume: runId })).rejects.toThrow(words);
  await expect(auto(workspace, { from: 'validate' })).rejects.toThrow(words);
  expect(readRun(workspace, await evidenceRootOf(workspace), runId).status).toBe('awaiting_output');
});

test('refuses to go on after the history or the evidence was rewritten', async ({ repo }) => {
  writePipeline(repo);
  const workspace = openTrusted(repo);
  repo.git('branch', 'before');
  repo.write('other', 'x');
  repo.commit('other');
  const { runId } = await auto(workspace);
  repo.git('reset', '-q', '--hard', 'before');
  await expect(auto(workspace, { resume: runId })).rejects.toThrow(/not in the history/);
  repo.git('reset', '-q', '--hard', 'HEAD@{1}');
  const [{ paths: [telemetry = ''] = [] } = {}] = await attemptsOf(workspace, runId);
  repo.write(telemetry, repo.read(telemetry).replace('"passed"', '"passed" '));
  await expect(auto(workspace, { resume: runId })).rejects.toThrow(/does not verify/);
});

test('from a later stage needs what comes before it, and makes no earlier stage again', async ({ repo }) => {
  writePipeline(repo);
  const workspace = openTrusted(repo);
  await expect(auto(workspace, { from: 'tasks' })).rejects.toThrow(
    /builds on the plan stage, and there is no evidence/,
  );
  await auto(workspace, { to: 'plan' });
  const report = await auto(workspace, { from: 'tasks', to: 'tasks' });
  expect(report).toMatchObject({ outcome: 'passed', stages: [{ stage: 'tasks', tries: 1 }] });
  expect(await auto(workspace, { stages: ['tasks', 'plan'] })).toMatchObject({
    stages: [{ stage: 'plan' }, { stage: 'tasks' }],
  });
});

test.for<[string, Partial<SpecAutoInput>, RegExp]>([
  ['an order turned around', { from: 'audit', to: 'plan' }, /comes after/],
  ['stages and from', { from: 'plan', stages: [...STAGES] }, /either stages/],
  ['resume with other stages', { resume: '20261122T100000Z-00000000', to: 'plan' }, /began with/],
  ['an unknown run', { resume: '20261122T100000Z-00000000' }, /There is no run/],
])('%s is refused', async ([, input, words], { repo }) => {
  writePipeline(repo);
  await expect(auto(openTrusted(repo), { ...input })).rejects.toThrow(words);
});

test('a budget of zero stops before anything runs; one of a stage ends it at its limit', async ({ repo }) => {
  writePipeline(repo, '[budgets.run]\nseconds = 0\n');
  const none = await auto(openTrusted(repo));
  expect(none).toMatchObject({
    outcome: 'incomplete',
    halt: { stage: 'plan', code: 'BUDGET' },
    spent: { seconds: 0 },
  });
  expect(none.stages.every(({ tries }) => tries === 0)).toBe(true);
  const slow = makeRepository();
  writePipeline(slow, '[commands.slow]\nargv = ["sleep", "60"]\n[budgets.plan]\nseconds = 0.5\n');
  slow.write(
    'spec-kit.toml',
    slow.read('spec-kit.toml').replace('baseline = ["build"]', 'baseline = ["slow"]'),
  );
  slow.commit('slow');
  const ended = await auto(openTrusted(slow));
  expect(ended).toMatchObject({ outcome: 'incomplete', halt: { stage: 'plan', code: 'BUDGET' } });
  expect(ended.stages[0]).toMatchObject({ outcome: 'incomplete', tries: 1 });
});

test('a refused connection while the API starts is tried again at most twice, each try a bundle of its own', async ({
  repo,
}) => {
  repo.write('docs/hal/hal_profile.json', '{"health": {"method": "GET", "path": "/health"}}');
  writePipeline(repo, '[hal]\nbase_url = "http://127.0.0.1:9"\nprofile = "docs/hal/hal_profile.json"\n');
  const workspace = openTrusted(repo);
  const hurried: Workspace = { ...workspace, wait: (ms, signal) => workspace.wait(ms / 100, signal) };
  const { runId } = await auto(hurried);
  implement(repo);
  const report = await auto(hurried, { resume: runId });
  expect(report).toMatchObject({
    outcome: 'failed',
    halt: { stage: 'validate', findings: [{ message: expect.stringMatching(/ECONNREFUSED/) }] },
  });
  const tries = (await attemptsOf(workspace, runId)).filter(({ stage }) => stage === 'validate');
  expect(tries).toHaveLength(3);
  expect(new Set(tries.map(({ bundle }) => bundle)).size).toBe(3);
  expect(tries.map(({ why }) => why)).toEqual([null, 'a transient failure', 'a transient failure']);
});

test('a cancelled run says so, leaves no lock behind it took for nothing, and can be resumed', async ({
  repo,
}) => {
  writePipeline(repo);
  const workspace = openTrusted(repo);
  const stop = new AbortController();
  stop.abort(new Error('stop'));
  const report = await auto(workspace, {}, stop.signal);
  expect(report).toMatchObject({ outcome: 'incomplete', halt: { stage: 'plan', code: 'CANCELLED' } });
  expect(await auto(workspace, { resume: report.runId })).toMatchObject({ needs: 'implementation' });
});
