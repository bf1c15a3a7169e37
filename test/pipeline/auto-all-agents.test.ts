import { expect } from 'vitest';
import { STAGES } from '../../schemas/ids.js';
import { acceptVerdict } from '../../src/consensus/accept.js';
import { agentPipeline, allSound, soundAnswer } from '../support/agent-pipeline.js';
import { attemptsOf, auto, implement } from '../support/auto.js';
import { SPEC_ID } from '../support/packet.js';
import type { Say } from '../support/provider-run.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const withAgents = { skipConsensus: false } as const;
const onlyPlan = { skipConsensus: false, to: 'tasks' } as const;
const ofPlan = ['plan gemini', 'plan claude', 'plan gpt_pro'];
const ofTasks = ['tasks gemini', 'tasks claude', 'tasks gpt_pro'];

test('six stages whose agents all agree go to unlock, each agent asked once', async ({ repo }) => {
  const { asked, open } = await agentPipeline(repo);
  const first = await auto(open(), withAgents);
  expect(first).toMatchObject({ needs: 'implementation', halt: null });
  implement(repo);
  const last = await auto(open(), { resume: first.runId });
  expect(last).toMatchObject({ outcome: 'passed', halt: null, spent: { usd: null } });
  expect(last.stages.map(({ verdict }) => verdict)).toEqual(STAGES.map(() => 'ok'));
  expect(asked).toHaveLength(19);
  expect(new Set(asked).size).toBe(19);
});

/** `bad` while it is not mended; all stages before are sound. */
function until(mended: { done: boolean }, bad: Say): Say {
  return (role, asked, call) => (mended.done ? allSound : bad)(role, asked, call);
}

const tasksOnly =
  (bad: Say): Say =>
  (role, asked, call) =>
    (asked.stage === 'tasks' ? bad : allSound)(role, asked, call);

const says =
  (over: object): Say =>
  (role, asked) =>
    JSON.stringify(soundAnswer(role, asked, { ...over }));
const arbiter =
  (over: object): Say =>
  (role, asked, call) =>
    (role === 'gpt_pro' ? says(over) : allSound)(role, asked, call);
const conflicts = arbiter({ consensus: { agreements: [], conflicts: ['Who writes the log?'] } });

test.for<[string, Say, string, object]>([
  [
    'a conflict',
    conflicts,
    'CONFLICT',
    { verdict: 'conflict', findings: [{ name: 'R50', status: 'conflict' }] },
  ],
  [
    'an agent that fails',
    (role, asked, call) => (role === 'claude' ? { status: 500 } : allSound(role, asked, call)),
    'DEGRADED',
    { verdict: 'degraded' },
  ],
  [
    'an answer that is none',
    (role, asked, call) => (role === 'gemini' ? 'No.' : allSound(role, asked, call)),
    'DEGRADED',
    { verdict: 'degraded' },
  ],
])(
  '%s halts the run there, and it goes on from there once that is mended',
  async ([, bad, code, seen], { repo }) => {
    const mended = { done: false };
    const { asked, open } = await agentPipeline(repo, until(mended, tasksOnly(bad)));
    const halted = await auto(open(), onlyPlan);
    expect(halted).toMatchObject({
      outcome: 'incomplete',
      status: 'done',
      halt: { stage: 'tasks', code },
      stages: [
        { stage: 'plan', outcome: 'passed', verdict: 'ok' },
        { stage: 'tasks', outcome: 'passed' },
      ],
      next: { tool: 'spec_auto', arguments: { specId: SPEC_ID, resume: halted.runId } },
    });
    expect(halted.summary).toMatch(/^Halted at tasks: .* 1 of 2 stages of SPEC-KIT-DEMO passed \(plan\)\.$/);
    const { verdict, findings } = { ...halted.stages[1], ...halted.halt };
    expect({ verdict, findings }).toMatchObject(seen);
    expect(await attemptsOf(open(), halted.runId)).toMatchObject([
      { stage: 'plan', verdict: 'ok', ending: 'ended' },
      { stage: 'tasks', ending: 'ended', consensusRun: expect.any(String) },
    ]);
    mended.done = true;
    asked.length = 0;
    expect(await auto(open(), { resume: halted.runId })).toMatchObject({ outcome: 'passed', halt: null });
    expect(asked).toEqual(ofTasks);
  },
);

test('a conflict that a person accepts is a waiver of the run, and no agent is asked again', async ({
  repo,
}) => {
  const { asked, open } = await agentPipeline(repo, tasksOnly(conflicts));
  const { runId, stages } = await auto(open(), onlyPlan);
  const [, tried] = await attemptsOf(open(), runId);
  await acceptVerdict(open(), {
    specId: SPEC_ID,
    stage: 'tasks',
    runId: String(tried?.consensusRun),
    reason: 'the log is mine to write',
  });
  asked.length = 0;
  const resumed = await auto(open(), { resume: runId });
  expect(resumed).toMatchObject({
    outcome: 'passed',
    waivers: [{ stage: 'tasks', check: 'verdict:tasks', by: 'Test <test@example.com>' }],
  });
  expect([stages[1]?.verdict, resumed.stages[1]?.verdict, asked]).toEqual(['conflict', 'conflict', []]);
});

test('a guardrail that fails halts the run before its agents are asked', async ({ repo }) => {
  const { asked, open } = await agentPipeline(repo);
  const { runId } = await auto(open(), withAgents);
  asked.length = 0;
  const halted = await auto(open(), { resume: runId });
  expect(halted).toMatchObject({
    outcome: 'failed',
    halt: { stage: 'validate', code: 'GUARDRAIL_FAILED' },
  });
  expect(asked).toEqual([]);
  implement(repo);
  expect(await auto(open(), { resume: runId })).toMatchObject({ outcome: 'passed' });
  expect(asked).toHaveLength(9);
});

function raise(repo: Repository, from: string, to: string): void {
  repo.write('spec-kit.toml', repo.read('spec-kit.toml').replace(from, to));
  repo.commit('more to spend');
}

const PRICES = ['gemini', 'claude', 'gpt_pro', 'gpt_codex']
  .flatMap(role => [`stub-${role}`, 'stub-model-served'].map(model => [role, model] as const))
  .filter(([role, model]) => role === 'gemini' || model !== 'stub-model-served')
  .map(([, model]) => `[prices."${model}"]\ninput = 1.0\noutput = 1.0\n`)
  .join('');

test.for([
  ['tokens of a run', 'run', 'tokens', '[budgets.run]\ntokens = 260000\n', '260000', '900000'],
  ['dollars of a run', 'run', 'usd', `[budgets.run]\nusd = 0.26\n${PRICES}`, '0.26', '3.0'],
  ['dollars of a stage', 'tasks', 'usd', `[budgets.tasks]\nusd = 0.05\n${PRICES}`, '0.05', '3.0'],
] as const)(
  '%s that do not last halt the run before the agent that could exceed them; raised, it goes on',
  async ([, whose, kind, toml, low, high], { repo }) => {
    const { asked, open } = await agentPipeline(repo, allSound, toml);
    const halted = await auto(open(), onlyPlan);
    expect(halted).toMatchObject({
      outcome: 'incomplete',
      halt: {
        stage: 'tasks',
        code: 'BUDGET',
        reason: expect.stringContaining(`budget of ${whose === 'run' ? 'the run' : whose} is used up`),
      },
    });
    expect(halted.halt?.reason).toContain(kind);
    expect(asked.slice(0, 3)).toEqual(ofPlan);
    expect(asked.length).toBeLessThan(6);
    const again = await auto(open(), { resume: halted.runId });
    expect(again.halt?.code).toBe('BUDGET');
    raise(repo, low, high);
    asked.length = 0;
    expect(await auto(open(), { resume: halted.runId })).toMatchObject({ outcome: 'passed', halt: null });
    expect(asked).toEqual(ofTasks);
  },
);

test('what nobody can price keeps no budget of dollars', async ({ repo }) => {
  const { asked, open } = await agentPipeline(repo, allSound, '[budgets.run]\nusd = 100\n');
  const halted = await auto(open(), onlyPlan);
  expect(halted).toMatchObject({ outcome: 'incomplete', halt: { stage: 'plan', code: 'BUDGET' } });
  expect(asked).toEqual([]);
});
