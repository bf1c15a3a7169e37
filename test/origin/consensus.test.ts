import { rmSync } from 'node:fs';
import { afterAll, expect } from 'vitest';
import { makeRepository, openTest } from '../support/repository.js';
import { test } from '../support/workspace.js';
import {
  answer,
  type Given,
  inWords,
  MOMENT,
  run,
  SPEC,
  survey,
  surveyOf,
  synthesis,
  write,
} from './fixtures.js';

const HERE = `consensus/${SPEC}`;
const BY = (role: string) => `spec-plan_${MOMENT}_${role}.json`;
const metrics = (role: string, over: Given = {}) => ({
  agent: role,
  model_id: answer(role)['model'],
  latency_ms: 9000,
  prompt_tokens: 4000 + role.length,
  completion_tokens: 900,
  cost_usd: 0.01,
  status: 'ok',
  ...over,
});
const line = (over: Given = {}, consensus: Given = {}) => ({
  schemaVersion: '2.0',
  specId: SPEC,
  sessionId: MOMENT,
  timestamp: MOMENT,
  consensus: {
    status: 'ok',
    agents: ['gemini', 'claude', 'gpt_pro'].map(role => metrics(role)),
    ...consensus,
  },
  ...over,
});
const TELEMETRY = `spec-plan_${MOMENT}_telemetry.jsonl`;
const verdict = (over: Given = {}) => ({
  spec_id: SPEC,
  stage: 'spec-plan',
  consensus_ok: true,
  degraded: false,
  required_fields_ok: true,
  missing_agents: [],
  conflicts: [],
  artifacts: ['gemini', 'claude', 'gpt_pro'].map(role => ({ agent: role, content: answer(role) })),
  ...over,
});
const AT = '20250301T100000Z-spec-plan.json';

const cases: readonly [what: string, files: Given, expected: string][] = [
  ['three answers and their synthesis', run(), 'sound'],
  [
    'a template that nobody filled in',
    run({ synthesis: { stage: '${stage}', agents: [] } }),
    'false placeholder-unexpanded agents-empty',
  ],
  [
    'answers of a stub',
    run({ claude: { agent: 'stub', model: 'stub-model', model_release: '1970-01-01' } }),
    'false stub-metadata',
  ],
  [
    'an agent that failed under ok',
    run({ gemini: { error: 'it broke' } }),
    'false errors-under-ok agent-failed',
  ],
  [
    'a conflict at the top',
    run({ gpt_pro: { conflicts: ['no'] } }),
    'false conflicts-ignored conflicts-present',
  ],
  [
    'a conflict in consensus',
    run({ gpt_pro: { consensus: { conflicts: ['no'] } } }),
    'false conflicts-ignored conflicts-present',
  ],
  [
    'a conflict two levels down',
    run({ gpt_pro: { final_plan: { consensus: { conflicts: ['no'] } } } }),
    'false conflicts-ignored conflicts-present',
  ],
  [
    'a hold under ok',
    run({ gpt_pro: { decision: 'hold until the tests run' } }),
    'false hold-under-ok decision-hold',
  ],
  ['a conflict that is said', run({ synthesis: { status: 'conflict' } }), 'honest_failure'],
  ['a status outside the enumeration', run({ synthesis: { status: 'hold' } }), 'incomplete unknown-status'],
  ['missing agents under ok', run({ synthesis: { missing_agents: ['claude'] } }), 'false degraded-under-ok'],
  [
    'its own conflicts under ok',
    run({ synthesis: { consensus: { conflicts: ['x'] } } }),
    'false conflicts-ignored',
  ],
  ['a smaller roster', run({ synthesis: { agents: [{ agent: 'gpt_pro' }] } }), 'false roster-mismatch'],
  ['another name inside', run({ claude: { agent: 'gemini' } }), 'false agent-name-mismatch'],
  ['a model of another family', run({ claude: { model: 'gpt-5' } }), 'false model-implausible'],
  [
    'a model that the line-up does not know',
    run({ claude: { model: 'claude-3-opus' } }),
    'incomplete model-outside-lineup',
  ],
  ['another stage inside', run({ claude: { stage: 'spec-audit' } }), 'false wrong-identity'],
  ['another spec inside', run({ claude: { spec_id: 'SPEC-OTHER-2' } }), 'false wrong-identity'],
  [
    'metadata that is not there',
    run({ claude: { prompt_version: undefined } }),
    'incomplete metadata-missing',
  ],
  [
    'versions of prompts that differ',
    run({ claude: { prompt_version: '20250302-plan-b' } }),
    'incomplete prompt-version-mismatch',
  ],
  ['nothing but metadata', run({ claude: { notes: [] } }), 'false content-empty'],
  ['a consensus that is a text', run({ claude: { consensus: 'fine' } }), 'incomplete content-malformed'],
  ['no synthesis', { [BY('gemini')]: answer('gemini') }, 'incomplete synthesis-missing'],
  ['a synthesis alone', { [BY('synthesis')]: synthesis() }, 'incomplete payload-missing'],
  ['an answer that is no JSON', { ...run(), [BY('claude')]: 'sorry' }, 'invalid not-json payload-missing'],
  ['metrics of the same models', { ...run(), [BY('claude_metrics')]: metrics('claude') }, 'sound'],
  [
    'metrics of another model',
    { ...run(), [BY('claude_metrics')]: metrics('claude', { model_id: 'claude-9' }) },
    'false metrics-disagree',
  ],
  [
    'an answer in no time',
    { ...run(), [BY('claude_metrics')]: metrics('claude', { latency_ms: 40 }) },
    'false figures-implausible',
  ],
  [
    'tokens for nothing',
    { ...run(), [BY('claude_metrics')]: metrics('claude', { cost_usd: 0 }) },
    'false figures-implausible',
  ],
  [
    'no token counts',
    { ...run(), [BY('claude_metrics')]: metrics('claude', { prompt_tokens: null }) },
    'incomplete figures-missing',
  ],
  ['telemetry that agrees', { ...run(), [TELEMETRY]: line() }, 'sound'],
  [
    'telemetry with a failed agent under ok',
    { ...run(), [TELEMETRY]: line({}, { agents: [metrics('gemini', { status: 'error' })] }) },
    'false contradicts-itself',
  ],
  [
    'telemetry with a disagreement under ok',
    { ...run(), [TELEMETRY]: line({}, { disagreement_detected: true }) },
    'false contradicts-itself',
  ],
  [
    'telemetry against the synthesis',
    { ...run({ synthesis: { status: 'conflict' } }), [TELEMETRY]: line() },
    'honest_failure contradicts-itself',
  ],
  [
    'telemetry whose sum is wrong',
    { ...run(), [TELEMETRY]: line({}, { total_cost_usd: 7 }) },
    'false sums-wrong',
  ],
  [
    'telemetry 1.0 that is a template',
    { ...run(), [TELEMETRY]: { schemaVersion: '1.0', specId: '${spec}', agents: [] } },
    'false placeholder-unexpanded agents-empty',
  ],
  ['telemetry that is no JSON', { ...run(), [TELEMETRY]: 'x\n' }, 'invalid not-json'],
  ['a verdict of the other writer', { [AT]: verdict() }, 'sound'],
  [
    'a verdict over a failed agent',
    { [AT]: verdict({ artifacts: [{ agent: 'gpt_pro', content: { error: 'x' } }] }) },
    'false errors-under-ok roster-mismatch',
  ],
  [
    'a verdict without the one that decides',
    { [AT]: verdict({ required_fields_ok: false }) },
    'false verdict-unsupported',
  ],
  ['a verdict that says no', { [AT]: verdict({ consensus_ok: false }) }, 'honest_failure'],
  [
    'a verdict of nobody',
    { 'plan_verdict.json': { spec_id: SPEC, stage: 'plan', proposals: [] } },
    'false agents-empty',
  ],
  [
    'a synthesis that says it is not ready',
    {
      'unlock_synthesis.json': {
        stage: 'spec-unlock',
        spec_id: SPEC,
        status: 'ok',
        artifacts_count: 1,
        output_markdown: 'NOT ready to ship',
      },
    },
    'false verdict-unsupported payload-missing',
  ],
];

const shared = makeRepository();
const workspace = openTest(shared.root);
afterAll(() => rmSync(shared.root, { recursive: true, force: true }));

test.for(cases)('%s', ([, files, expected]) => {
  const { bundles, others } = surveyOf(shared, workspace, HERE, files);
  expect(inWords(bundles)).toEqual([expected]);
  expect(others).toEqual([]);
});

test.for([
  ['calls that cost nothing', { total_spent: 0, call_count: 5 }, 'false figures-implausible'],
  [
    'parts that do not make the whole',
    { total_spent: 2, call_count: 5, per_model: { a: 1 } },
    'false sums-wrong',
  ],
  [
    'four models at one price',
    { total_spent: 2, call_count: 4, per_model: { a: 0.5, b: 0.5, c: 0.5, d: 0.5 } },
    'false figures-implausible',
  ],
  ['a total alone', { total_spent: 2 }, 'incomplete field-missing'],
  [
    'sums that are right',
    { total_spent: 2, call_count: 4, per_model: { a: 1.5, b: 0.5 }, budget: 3 },
    'sound',
  ],
  ['more than the budget', { total_spent: 2, call_count: 4, budget: 1 }, 'sound budget-exceeded'],
] as const)('a cost summary with %s', async ([, value, expected], { repo, workspace }) => {
  write(repo, 'costs', { [`${SPEC}_cost_summary.json`]: { spec_id: SPEC, ...value } });
  expect(inWords((await survey(workspace)).bundles)).toEqual([expected]);
});
