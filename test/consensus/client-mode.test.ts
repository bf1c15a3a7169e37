import { expect } from 'vitest';
import type { StageInput } from '../../src/consensus/stage.js';
import { runStatus } from '../../src/pipeline/run-report.js';
import { readRun } from '../../src/pipeline/run-store.js';
import { evidenceRootOf } from '../../src/settings/evidence-root.js';
import { specStatus } from '../../src/status/status.js';
import type { Operator } from '../../src/workspace/operator.js';
import { planAnswer, writePlanned } from '../support/answers.js';
import { askedBy, SPEC, stageCaller } from '../support/consensus-run.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const specId = SPEC;

/** The first question of a run, its id, and a way to answer. */
async function opened(repo: Repository, over: Partial<Operator> = {}) {
  writePlanned(repo);
  const call = stageCaller(repo, over);
  const first = await call();
  const runId = first.runId ?? '';
  const asked = askedBy(first);
  return { call, first, runId, asked };
}

test('each role gets its question in turn, with the answers before it', async ({ repo }) => {
  const { call, first, runId, asked } = await opened(repo);
  expect(first).toMatchObject({
    status: 'awaiting_output',
    verdict: null,
    guardrail: { outcome: 'passed' },
    preflight: { criteria: ['R1', 'R2'] },
    awaiting: { agent: 'gemini', role: 'Researcher' },
    next: { tool: 'spec_plan', arguments: { specId, runId, agent: 'gemini' } },
  });
  const second = await call({ runId, agent: 'gemini', output: planAnswer('gemini', asked) });
  expect(second.awaiting).toMatchObject({ agent: 'claude' });
  expect(repo.read(second.awaiting?.promptPath ?? '')).toContain('"research_summary":[{"topic":"Scope"');
  const schema = JSON.parse(repo.read(second.awaiting?.schemaPath ?? '{}'));
  expect(JSON.stringify(schema)).toContain('"enum":["R1","R2"]');
});

test('a model that lost its run is led back to it', async ({ repo, workspace }) => {
  const { call, runId, asked } = await opened(repo);
  await call({ runId, agent: 'gemini', output: planAnswer('gemini', asked) });
  const next = { tool: 'spec_plan', arguments: { specId, runId } };
  expect(await specStatus(workspace, specId)).toMatchObject({ runId, status: 'awaiting_output', next });
  const root = await evidenceRootOf(workspace);
  await expect(call({ runId, agent: 'gemini', output: 'again' })).rejects.toThrow(/has answered already/);
  const run = runStatus(workspace, readRun(workspace, root, runId));
  expect(run).toMatchObject({ status: 'awaiting_output', next });
  expect(run.summary).toMatch(/^The stage run of SPEC-KIT-DEMO waits for an answer of its caller/);
  await expect(call({})).rejects.toThrow(`Go on with spec_plan ${JSON.stringify({ specId, runId })}`);
});

test('a guardrail that did not pass stops before anyone is asked', async ({ repo }) => {
  writePlanned(repo);
  repo.write('stray.txt', 'x');
  const report = await stageCaller(repo)();
  expect(report).toMatchObject({
    status: 'stopped',
    verdict: null,
    guardrail: { outcome: 'failed' },
    next: { tool: 'run_guardrail' },
  });
  expect(report.summary).toContain('clean-tree');
  expect(report.awaiting).toBeUndefined();
});

test('a refused answer says why and may be given once more', async ({ repo }) => {
  const { call, runId, asked } = await opened(repo);
  const refused = await call({ runId, agent: 'gemini', output: 'I think it is fine.' });
  expect(refused).toMatchObject({ status: 'awaiting_output', awaiting: { agent: 'gemini' } });
  expect(refused.awaiting?.errors?.join()).toMatch(/no JSON object/);
  expect(refused.agents?.[0]).toMatchObject({ status: 'waiting', attempts: 1 });
  const accepted = await call({
    runId,
    agent: 'gemini',
    output: JSON.stringify(planAnswer('gemini', asked)),
  });
  expect(accepted.awaiting?.agent).toBe('claude');
  expect(accepted.agents?.[0]).toMatchObject({ status: 'valid', attempts: 2 });
});

test('a second refused answer is final, and the run goes on without it', async ({ repo }) => {
  const { call, runId } = await opened(repo);
  await call({ runId, agent: 'gemini', output: 'nothing' });
  const second = await call({ runId, agent: 'gemini', output: '{"stage": ' });
  expect(second.awaiting?.agent).toBe('claude');
  expect(second.agents?.[0]).toMatchObject({ status: 'invalid', attempts: 2 });
});

test.for<[string, Partial<StageInput>, string, RegExp]>([
  [
    'out of order',
    { agent: 'claude' },
    'REFUSED',
    /claude is not the next one to answer: run .* waits for gemini/,
  ],
  [
    'of an unknown agent',
    { agent: 'grok' },
    'INVALID_ARGUMENT',
    /"grok" has no part in the plan stage: gemini, claude, gpt_pro/,
  ],
  ['without its agent', {}, 'INVALID_ARGUMENT', /An output needs the agent it is from/],
  [
    'for another stage',
    { agent: 'gemini', stage: 'tasks' },
    'INVALID_ARGUMENT',
    /is of stage plan of SPEC-KIT-DEMO, not of tasks/,
  ],
  [
    'with a new goal',
    { agent: 'gemini', goal: 'other' },
    'INVALID_ARGUMENT',
    /goal and dryRun are for the beginning/,
  ],
  [
    'for a run that does not exist',
    { agent: 'gemini', runId: '20200101T000000Z-00000000' },
    'NOT_FOUND',
    /There is no run/,
  ],
])('an answer %s is refused and costs no try', async ([, input, code, message], { repo }) => {
  const { call, runId, asked } = await opened(repo);
  const output = planAnswer('gemini', asked);
  const wrong = call({ runId, output, ...input });
  await expect(wrong).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  const right = await call({ runId, agent: 'gemini', output });
  expect(right.agents?.[0]).toMatchObject({ status: 'valid', attempts: 1 });
});

test.for<[string, object, string]>([
  ['of another spec', { spec_id: 'SPEC-KIT-999' }, 'another spec'],
  ['of another run', { run_id: '20200101T000000Z-00000000' }, 'another run'],
  ['of another stage', { stage: 'spec-tasks' }, 'another stage'],
  ['for another agent', { agent: 'claude' }, 'another agent'],
])('an answer whose content is %s is refused', async ([, over, message], { repo }) => {
  const { call, runId, asked } = await opened(repo);
  const refused = await call({ runId, agent: 'gemini', output: planAnswer('gemini', asked, over) });
  expect(refused.summary).toContain(message);
});

test('a second answer of the same agent is refused, from whatever client', async ({ repo }) => {
  const { call, runId, asked } = await opened(repo);
  const output = planAnswer('gemini', asked);
  await call({ runId, agent: 'gemini', output });
  await expect(call({ runId, agent: 'gemini', output })).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('has answered already'),
  });
});

test('of two clients that answer at once, one is heard', async ({ repo }) => {
  const { call, runId, asked } = await opened(repo);
  const output = planAnswer('gemini', asked);
  const both = await Promise.allSettled([
    call({ runId, agent: 'gemini', output }),
    call({ runId, agent: 'gemini', output }),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('a run in hand is named to whoever begins another, and runId alone shows its question again', async ({
  repo,
}) => {
  const { call, runId } = await opened(repo);
  await expect(call()).rejects.toMatchObject({ code: 'BUSY', message: expect.stringContaining(runId) });
  await expect(call({ stage: 'tasks' })).rejects.toMatchObject({ code: 'BUSY' });
  expect((await call({ runId })).awaiting?.agent).toBe('gemini');
});

test('an output without a run, and answers in a dry run, are refused', async ({ repo }) => {
  writePlanned(repo);
  await expect(stageCaller(repo)({ agent: 'gemini', output: '{}' })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
});

test('a dry run renders every prompt and leaves no run and no evidence', async ({ repo }) => {
  writePlanned(repo);
  repo.write(
    'docs/spec-kit/prompts.json',
    JSON.stringify({
      'spec-plan': {
        version: '20251002-plan-a',
        gemini: { prompt: 'G ${SPEC_ID} ${CONTEXT}' },
        claude: { prompt: 'C ${PREVIOUS_OUTPUTS.gemini}' },
        gpt_pro: { prompt: 'P ${PREVIOUS_OUTPUTS}' },
      },
    }),
  );
  const report = await stageCaller(repo)({ dryRun: true });
  expect(report).toMatchObject({ status: 'dry_run', runId: null, verdict: null, guardrail: null });
  expect(report.preflight?.receipt.map(({ name }) => name)).toEqual(['spec.md']);
  expect(report.preflight?.estimate.map(({ agent }) => agent)).toEqual(['gemini', 'claude', 'gpt_pro']);
  const prompt = repo.read(report.awaiting?.promptPath ?? '');
  expect(prompt).toContain('G SPEC-KIT-DEMO <data-');
  expect(repo.git('status', '--short')).not.toMatch(/runs|ledger|staging/);
});
