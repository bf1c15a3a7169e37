import { expect, test } from 'vitest';
import { synthesize } from '../../src/consensus/synthesize.js';
import { CRITERIA, changed, header, plan, positions } from './answers.js';
import { type Case, final } from './changes.js';
import { request, rulesOf, stored, verdictOf } from './run.js';
import { saidBy } from './said.js';

const cases: readonly Case[] = [
  ['one provider', { provenance: { provider: 'anthropic api.anthropic.com' } }, ['R70 warn'], 'ok'],
  [
    'a client whose model is known to be another',
    { provenance: { source: 'client', provider: 'client', model_served: 'one-model' } },
    ['R70 degrade'],
    'degraded',
  ],
  [
    'one client, three asserted models',
    { provenance: { source: 'client', provider: 'client' } },
    ['R75 warn'],
    'ok',
  ],
  [
    'canned answers',
    { provenance: { source: 'fixture', provider: 'demo' } },
    ['R70 warn', 'R72 degrade'],
    'degraded',
  ],
  [
    'two answers of one provider',
    { outputs: { gemini: plan.gemini, gpt_pro: plan.gpt_pro }, provenance: { provider: 'one' } },
    ['R01 degrade', 'R52 warn', 'R70 warn'],
    'degraded',
  ],
  [
    'one answer is no opinion of one provider',
    { outputs: { gpt_pro: plan.gpt_pro } },
    ['R01 degrade', 'R01 degrade', 'R52 warn', 'R71 degrade'],
    'degraded',
  ],
  ['spec.md was cut', { inputs: { truncated: ['spec.md'] } }, ['R73 degrade'], 'degraded'],
  ['another document was cut', { inputs: { truncated: ['PLANNING.md'] } }, ['R73 warn'], 'ok'],
  [
    'a provider cut the prompt',
    { inputs: { truncated_by_provider: ['gemini'] } },
    ['R73 degrade'],
    'degraded',
  ],
  ['the budget ran out', { inputs: { budget_stop: 'usd' } }, ['R74 degrade'], 'degraded'],
];

test.for(cases)('%s', ([, run, rules, status]) => {
  const synthesis = verdictOf(run);
  expect(rulesOf(synthesis)).toEqual(rules);
  expect(synthesis.status).toBe(status);
  expect(saidBy(synthesis, run.stage)).toMatchSnapshot();
});

test('one model that a client asserts for every role is no second opinion', () => {
  const outputs = Object.fromEntries(
    Object.entries(plan).map(([agent, output]) => [agent, { ...output, model: ' My-Model' }]),
  );
  const provenance = { source: 'client', provider: 'client', model_requested: null } as const;
  const synthesis = verdictOf({ outputs, provenance });
  expect(rulesOf(synthesis)).toEqual(['R70 degrade']);
  expect(synthesis).toMatchObject({
    status: 'degraded',
    quorum: { met: true, providers: ['client my-model'] },
  });
});

test('ungrounded answers do not make a quorum', () => {
  const invented = positions('ready', ['a/1.md', 'a/2.md', 'a/3.md']);
  const outputs = {
    gemini: { ...changed(plan.gemini, ['research_summary', 0, 'cites'], []), positions: invented },
    claude: { ...plan.claude, positions: invented },
    gpt_pro: plan.gpt_pro,
  };
  const synthesis = verdictOf({ outputs });
  expect(rulesOf(synthesis)).toEqual(['R10 degrade', 'R10 degrade', 'R71 degrade']);
  expect(synthesis).toMatchObject({
    status: 'degraded',
    status_reasons: ['R10 citation_missing', 'R71 quorum_not_met'],
    quorum: { valid: ['gemini', 'claude', 'gpt_pro'], ungrounded: ['gemini', 'claude'], met: false },
  });
  expect(synthesis.agents.map(({ status }) => status)).toEqual(['ungrounded', 'ungrounded', 'valid']);
  expect(synthesis.citations[1]).toEqual({
    agent: 'claude',
    checked: 3,
    missing: 3,
    examples: ['a/1.md', 'a/2.md', 'a/3.md'],
  });
});

test('without the arbiter there is no quorum', () => {
  const synthesis = verdictOf({ outputs: { gemini: plan.gemini, claude: plan.claude } });
  expect(rulesOf(synthesis)).toEqual(['R01 degrade', 'R71 degrade']);
  expect(synthesis).toMatchObject({ missing_agents: ['gpt_pro'], consensus: { agreements: [] } });
  expect(synthesis.findings[1]).toMatchObject({ agents: ['gpt_pro'], subject: 'quorum' });
  expect(synthesis.findings[1]?.detail).toMatch(/^2 answers count.* The arbiter is not among them\.$/);
});

test('a conflict is shown although an agent is missing', () => {
  const gpt_pro = changed(plan.gpt_pro, [...final('consensus'), 'conflicts'], ['the scope is disputed']);
  expect(verdictOf({ outputs: { claude: plan.claude, gpt_pro } })).toMatchObject({
    status: 'conflict',
    also: { conflicts: 1, degrades: 1 },
    missing_agents: ['gemini'],
  });
});

test('two answers of one agent are none, in whatever order', () => {
  const whole = request();
  const second = stored('gemini', changed(plan.gemini, ['questions'], []));
  const both = synthesize({ ...whole, agents: [...whole.agents, second] });
  expect(rulesOf(both)).toEqual(['R02 degrade']);
  expect(both.findings[0]?.detail).toContain('more than one answer');
  expect(synthesize({ ...whole, agents: [second, ...whole.agents] })).toEqual(both);
});

test.for([
  [
    'failed',
    { error: { code: 'timeout', message: 'It was slow.' }, output: null },
    'R01',
    '(timeout). It was',
  ],
  [
    'recorded as failed',
    { error: { code: 'wrong_shape', message: 'No.' } },
    'R02',
    'recorded as failed (wrong_',
  ],
  ['of another stage', { stage: 'spec-audit' }, 'R02', 'another stage'],
  ['of another spec', { specId: 'SPEC-KIT-018' }, 'R02', 'another spec'],
  ['of another run', { run_id: '20261124T160000Z-0a1b2c3d' }, 'R02', 'another run'],
] as const)('a file that is %s is no vote', ([, evidence, rule, detail]) => {
  const whole = request();
  const agents = whole.agents.map(answer =>
    answer.evidence.agent === 'gemini' ? stored('gemini', plan.gemini, { evidence }) : answer,
  );
  const synthesis = synthesize({ ...whole, agents });
  expect(synthesis.findings.map(finding => finding.rule)).toEqual([rule]);
  expect(synthesis.findings[0]?.detail).toContain(detail);
  expect(synthesis).toMatchObject({ status: 'degraded', missing_agents: ['gemini'] });
  expect(synthesis.agents[0]?.status).toBe(rule === 'R01' ? 'failed' : 'invalid');
});

test('criteria are covered by their own words, too, as the origin wrote them', () => {
  const words = CRITERIA.map(id => ({ requirement: `criterion ${id}`, validation_step: 'npm test' }));
  const outputs = { ...plan, claude: changed(plan.claude, ['acceptance_mapping'], words) };
  expect(verdictOf({ outputs }).coverage.criteria[0]?.by).toEqual(['claude', 'gpt_pro']);
});

test('three stubs end in no agreement at all', () => {
  const stub = {
    ...header('gpt_pro'),
    agent: 'stub',
    model: 'stub-model',
    consensus: { agreements: ['stub'], conflicts: [] },
  };
  expect(verdictOf({ outputs: { gemini: stub, claude: stub, gpt_pro: stub } })).toMatchObject({
    status: 'degraded',
    consensus: { agreements: [], conflicts: [] },
    quorum: { valid: [], met: false },
    alignment: { compared: 0 },
  });
});

test.for([
  ['another run', { run_id: '20261124T160000Z-0a1b2c3d' }],
  ['another agent', { agent: 'claude' }],
  ['a failure', { error: { code: 'timeout', message: 'It was slow.' } }],
] as const)('an answer to the second question that is of %s resolves nothing', ([, evidence]) => {
  const outputs = { ...plan, gemini: changed(plan.gemini, ['positions', 1, 'position'], 'blocked') };
  const choice = { requirement_id: 'AC-2', chosen: 'ready', reason: 'it exists', cites: ['SPEC.md'] };
  const answer = { ...header('gpt_pro'), resolutions: [choice] };
  const whole = request({ outputs, escalation: answer });
  expect(synthesize(whole).status).toBe('ok');
  const foreign = stored('gpt_pro', answer, { evidence }, 'escalation');
  const synthesis = synthesize({ ...whole, escalation: foreign });
  expect(rulesOf(synthesis)).toEqual(['R02 warn', 'R41 conflict']);
  expect(synthesis.escalation).toEqual({ path: foreign.path, sha256: foreign.sha256 });
});
