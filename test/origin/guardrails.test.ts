import { rmSync } from 'node:fs';
import { afterAll, expect } from 'vitest';
import { makeRepository, openTest } from '../support/repository.js';
import { test } from '../support/workspace.js';
import {
  type Given,
  inWords,
  ROOT,
  SESSION,
  SPEC,
  scenario,
  survey,
  surveyOf,
  telemetry,
  write,
} from './fixtures.js';

const HERE = `commands/${SPEC}`;
const SHOT = '20250301-100000Z-hal-health.json';
const TEXT_SHOT = '20250301-100000Z-hal-health.txt';
const answered = (status: string, body: string) =>
  JSON.stringify({ content: [{ type: 'text', text: `Status: ${status}\n\nHeaders:\n\nBody:\n${body}` }] });
const baseline = (mode: string, status: string) => ({
  baseline: { mode, artifact: 'x', status },
  hooks: { 'session.start': 'failed' },
});

const cases: readonly [what: string, stage: string, over: Given, also: Given, expected: string][] = [
  [
    'a placeholder that passed',
    'plan',
    baseline('no-run', 'passed'),
    { [`baseline_${SESSION}.md`]: '- Status: passed\n\nA placeholder.\n' },
    'false passed-without-run placeholder-baseline',
  ],
  [
    'a baseline that ran and says otherwise',
    'plan',
    baseline('full', 'passed'),
    { [`baseline_${SESSION}.md`]: '- Status: failed\n' },
    'false baseline-disagrees',
  ],
  ['a baseline that failed', 'plan', baseline('full', 'failed'), {}, 'honest_failure'],
  [
    'a baseline that ran, with its result kept',
    'plan',
    baseline('full', 'passed'),
    { [`baseline_${SESSION}.md`]: '- Status: passed\n\n42 tests ran.\n' },
    'sound',
  ],
  [
    'a hook that is always ok',
    'plan',
    { ...baseline('full', 'passed'), hooks: { 'session.start': 'ok' } },
    {},
    'false constant-field',
  ],
  ['a mode that nobody knows', 'plan', baseline('full', 'unknown'), {}, 'incomplete unknown-status'],
  ['ready tools', 'tasks', { tool: { status: 'ready' } }, {}, 'incomplete ready-is-no-result'],
  ['a constant lock', 'implement', { lock_status: 'locked', hook_status: 'ok' }, {}, 'false constant-field'],
  ['a lock that failed', 'implement', { lock_status: 'failed', hook_status: 'ok' }, {}, 'honest_failure'],
  ['a constant unlock', 'unlock', { unlock_status: 'unlocked' }, {}, 'false constant-field'],
  [
    'a pass that nothing was captured for',
    'validate',
    scenario('passed'),
    {},
    'false passed-without-capture',
  ],
  ['an audit of skips', 'audit', scenario('skipped'), {}, 'incomplete all-skipped'],
  ['a failure', 'validate', scenario('failed'), {}, 'honest_failure'],
  [
    'a pass over a GraphQL error',
    'validate',
    scenario('passed'),
    { [SHOT]: { data: null, errors: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }] } },
    'false passed-over-errors answer-is-error',
  ],
  [
    'a pass over an invented answer',
    'validate',
    scenario('passed'),
    { [SHOT]: { status: 503, note: 'no body came back' } },
    'false status-invented passed-over-errors',
  ],
  [
    'a failure with an invented answer',
    'audit',
    scenario('failed'),
    { [SHOT]: { status: 503, note: 'no body came back' } },
    'honest_failure status-invented',
  ],
  [
    'a pass over a 500',
    'validate',
    scenario('passed'),
    { [TEXT_SHOT]: answered('500 Oops', 'x') },
    'false passed-over-errors answer-is-error',
  ],
  [
    'a pass whose answer was kept with its status',
    'validate',
    scenario('passed'),
    { [TEXT_SHOT]: answered('200 OK', '{"ok":true}') },
    'sound',
  ],
  [
    'a pass whose answer has no status',
    'validate',
    scenario('passed'),
    { [SHOT]: { ok: true } },
    'incomplete status-not-recorded',
  ],
  [
    'a pass over an answer of a stub',
    'validate',
    scenario('passed'),
    { [TEXT_SHOT]: answered('200 OK', '{"implementation":"Stub"}') },
    'incomplete answer-is-stub',
  ],
  [
    'a pass without a request',
    'validate',
    scenario('passed'),
    { [SHOT]: { status: 'mocked' } },
    'incomplete answer-mocked',
  ],
  [
    'a pass beside a failed summary',
    'validate',
    { ...scenario('passed'), hal: { summary: { status: 'failed' } } },
    { [TEXT_SHOT]: answered('200 OK', '{}') },
    'false contradicts-itself cause-missing',
  ],
  [
    'a policy that failed and was ignored',
    'tasks',
    { tool: { status: 'ready' }, policy: { final: { status: 'failed', note: 'x' } } },
    {},
    'false policy-failure-ignored ready-is-no-result',
  ],
  [
    'a policy that ran true',
    'tasks',
    { tool: { status: 'ready' }, policy: { final: { status: 'passed', note: 'true' } } },
    {},
    'false policy-without-verdict ready-is-no-result',
  ],
  [
    'another spec',
    'validate',
    { ...scenario('passed'), specId: 'SPEC-OTHER-2' },
    { [TEXT_SHOT]: answered('200 OK', '{}') },
    'false wrong-identity',
  ],
  [
    'another stage',
    'validate',
    { ...scenario('passed'), command: 'spec-ops-plan' },
    { [TEXT_SHOT]: answered('200 OK', '{}') },
    'false wrong-identity',
  ],
  [
    'a time before its session',
    'validate',
    { ...scenario('passed'), timestamp: '2025-03-01T09:00:00Z' },
    { [TEXT_SHOT]: answered('200 OK', '{}') },
    'false timestamps-out-of-order',
  ],
  [
    'a path of another machine',
    'validate',
    { ...scenario('passed'), artifacts: ['/home/someone/run.txt'] },
    { [TEXT_SHOT]: answered('200 OK', '{}') },
    'incomplete artifact-absolute',
  ],
  [
    'an artifact that is gone',
    'validate',
    { ...scenario('passed'), artifacts: ['gone.txt'] },
    { [TEXT_SHOT]: answered('200 OK', '{}') },
    'incomplete artifact-missing',
  ],
  [
    'an artifact outside',
    'validate',
    { ...scenario('passed'), artifacts: ['../../../etc/hostname'] },
    { [TEXT_SHOT]: answered('200 OK', '{}') },
    'incomplete artifact-outside',
  ],
  [
    'no artifacts',
    'validate',
    { ...scenario('passed'), artifacts: [] },
    { [TEXT_SHOT]: answered('200 OK', '{}') },
    'incomplete no-artifacts',
  ],
  [
    'a missing version',
    'validate',
    { ...scenario('passed'), schemaVersion: undefined },
    { [TEXT_SHOT]: answered('200 OK', '{}') },
    'incomplete field-missing',
  ],
];

const shared = makeRepository();
const workspace = openTest(shared.root);
afterAll(() => rmSync(shared.root, { recursive: true, force: true }));

test.for(cases)('%s', ([, stage, over, also, expected]) => {
  const files = {
    'run.txt': 'it ran\n',
    [`spec-${stage}_${SESSION}.json`]: telemetry(stage, over),
    ...also,
  };
  const { bundles, others } = surveyOf(shared, workspace, HERE, files);
  expect(inWords(bundles)).toEqual([expected]);
  expect(others).toEqual([`${ROOT}/${HERE}/run.txt`]);
});

test('a file that git ignores is not in a clone', async ({ repo, workspace }) => {
  repo.write('.gitignore', '*.txt\n');
  write(repo, HERE, {
    'run.txt': 'it ran\n',
    [TEXT_SHOT]: answered('200 OK', '{}'),
    [`spec-validate_${SESSION}.json`]: telemetry('validate', scenario('passed')),
  });
  expect(inWords((await survey(workspace)).bundles)).toEqual(['incomplete artifact-ignored']);
});

test('each file has a verdict of its own', async ({ repo, workspace }) => {
  write(repo, HERE, {
    'run.txt': 'x',
    [SHOT]: { data: null, errors: [{ message: 'no' }] },
    [`spec-validate_${SESSION}.json`]: telemetry('validate', scenario('passed')),
  });
  const [bundle] = (await survey(workspace)).bundles;
  expect(bundle?.files.map(({ verdict }) => verdict)).toEqual(['false', 'honest_failure']);
});
