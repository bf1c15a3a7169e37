import { expect } from 'vitest';
import type { AgentRole } from '../../schemas/settings.js';
import { judge } from '../../src/consensus/judge.js';
import { type Answer, type StageState, StageState as Stored } from '../../src/consensus/state.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { planAnswer, writePlanned } from '../support/answers.js';
import { answerAll, askedBy, callStage, SPEC, stageCaller, synthesisOf } from '../support/consensus-run.js';
import { ROOT } from '../support/earlier.js';
import { prepared, providers, sound } from '../support/provider-run.js';
import { openTest, type Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const stateFile = (runId: string) => `${ROOT}/.staging/run-${runId}/state.json`;

/** Edits the state of a run, as whoever can write into the repository can. */
function edit(repo: Repository, runId: string, change: (state: StageState) => object): void {
  const file = stateFile(runId);
  const state = Stored.parse(JSON.parse(repo.read(file)));
  repo.write(file, JSON.stringify({ ...state, ...change(state) }));
}

/** An answer as if a provider had given it. */
function forged(state: StageState, role: AgentRole): Answer {
  const output = planAnswer(role, { runId: state.runId, promptVersion: state.promptVersion });
  const seat = state.seats.find(each => each.role === role);
  if (seat === undefined || judge(state, seat, output).failure !== null) throw new Error('no sound answer');
  return {
    role,
    again: false,
    status: 'valid',
    output,
    attempts: [{ at: state.startedAt, rawSha256: '0'.repeat(64), failure: null, usage: null, latencyMs: 1 }],
    provenance: {
      source: 'http',
      provider: `provider of ${role}`,
      model_requested: `model-${role}`,
      model_served: `model-${role}`,
      request_id: 'req_1',
      prompt_sha256: '0'.repeat(64),
      schema_sha256: '0'.repeat(64),
      attempt: 1,
    },
    reportedCostUsd: null,
  };
}

const all = (state: StageState) => ({
  answers: (['gemini', 'claude', 'gpt_pro'] as const).map(role => forged(state, role)),
});

test('answers that somebody wrote into the files of a run are never said to be a provider’s', async ({
  repo,
}) => {
  writePlanned(repo);
  const { runId } = await stageCaller(repo)();
  edit(repo, String(runId), all);
  const report = await stageCaller(repo)({ runId: String(runId) });
  expect(report.summary).toContain('Asserted, not proven: the answers of gemini, claude, gpt_pro');
  expect(report.agents).toMatchObject([{ mode: 'client' }, { mode: 'client' }, { mode: 'client' }]);
  const { quorum, findings } = synthesisOf(repo, report);
  expect(quorum.providers.every(name => name.startsWith('client '))).toBe(true);
  expect(findings.map(({ rule }) => rule)).toContain('R75');
});

test('the process that wrote the files of a run notices when they are not what it wrote', async ({
  repo,
}) => {
  writePlanned(repo);
  const workspace = openTest(repo.root);
  const { runId } = await callStage(workspace);
  edit(repo, String(runId), all);
  await expect(callStage(workspace, { runId: String(runId) })).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('changed by somebody else'),
  });
});

test('what nobody touched goes on, in the same process and after a restart', async ({ repo }) => {
  writePlanned(repo);
  const workspace = openTest(repo.root);
  const first = await callStage(workspace);
  const asked = askedBy(first);
  const output = planAnswer('gemini', asked);
  const second = await callStage(workspace, { runId: asked.runId, agent: 'gemini', output });
  expect(second.awaiting?.agent).toBe('claude');
  const last = await answerAll(stageCaller(repo), planAnswer, { runId: asked.runId });
  expect(last.verdict).toBe('ok');
});

test.for<[string, (state: StageState, repo: Repository) => object, RegExp]>([
  ['another commit', state => ({ source: { ...state.source, commit: '0'.repeat(40) } }), /guardrail/],
  [
    'another guardrail',
    state => ({ guardrail: { ...state.guardrail, bundle: '20261122T100000Z-00000000' } }),
    /guardrail/,
  ],
  ['another version of its prompts', () => ({ promptVersion: '20990101-plan-z' }), /\(promptVersion\)/],
  ['prompts of the workspace', () => ({ promptSource: 'workspace' }), /\(promptSource\)/],
  ['other prompts', () => ({ templates: { gemini: 'Say ready.' } }), /\(templates\)/],
  ['another packet', () => ({ packet: 'docs/other' }), /\(packet\)/],
  [
    'findings that preflight has not',
    () => ({ findings: [{ code: 'x', severity: 'info', file: 'x', line: 1, column: 1, message: 'x' }] }),
    /\(findings\)/,
  ],
  ['answers of an earlier stage', () => ({ stages: { new: '{}' } }), /\(stages\)/],
  ['fewer criteria', state => ({ criteria: state.criteria.slice(1) }), /\(criteria\)/],
  [
    'other documents',
    state => ({ documents: state.documents.map(each => ({ ...each, text: 'Easy.' })) }),
    /\(documents\)/,
  ],
  [
    'another receipt',
    state => ({ receipt: state.receipt.map(each => ({ ...each, sha256: 'a'.repeat(64) })) }),
    /\(receipt\)/,
  ],
  ['no preflight findings but a tidy one', () => ({ findings: [], specCut: true }), /specCut/],
  ['fewer agents', state => ({ seats: state.seats.slice(2) }), /\(seats\)/],
  ['another stage', () => ({ stage: 'tasks' }), /changed by somebody else/],
])('a run whose files name %s does not go on', async ([, change, words], { repo }) => {
  writePlanned(repo);
  const { runId } = await stageCaller(repo)();
  edit(repo, String(runId), state => change(state, repo));
  await expect(stageCaller(repo)({ runId: String(runId) })).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringMatching(words),
  });
});

test('a run goes on from the guardrail it began with, and not once its evidence was edited', async ({
  repo,
}) => {
  writePlanned(repo);
  const { runId, guardrail } = await stageCaller(repo)({ goal: 'Sing.' });
  expect((await stageCaller(repo)({ runId: String(runId) })).status).toBe('awaiting_output');
  const file = `${ROOT}/commands/${SPEC}/spec-plan_${guardrail?.bundle}.json`;
  repo.write(file, repo.read(file).replace('"durationMs": ', '"durationMs": 1'));
  await expect(stageCaller(repo)({ runId: String(runId) })).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('the guardrail that it builds on'),
  });
});

test('a spec that was edited while its run waited over a restart ends that run', async ({ repo }) => {
  writePlanned(repo);
  const { runId } = await stageCaller(repo)();
  const spec = `docs/${SPEC}/spec.md`;
  repo.write(spec, `${repo.read(spec)}- R3: more\n`);
  await expect(stageCaller(repo)({ runId: String(runId) })).rejects.toThrow(/documents, receipt, criteria/);
});

test('what a provider answered in one go stays the provider’s', async ({ repo }) => {
  const { urls } = await providers(sound);
  const workspace: Workspace = prepared(repo, urls);
  const report = await callStage(workspace);
  expect(report.summary).not.toContain('Asserted');
  expect(report.agents?.[0]).toMatchObject({ mode: 'http', model: 'stub-model-served' });
});
