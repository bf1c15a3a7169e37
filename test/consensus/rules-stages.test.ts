import { expect, test } from 'vitest';
import { changed, type Output } from './answers.js';
import { type Case, inAudit, inTasks, inValidate } from './changes.js';
import { rulesOf, verdictOf } from './run.js';
import { saidBy } from './said.js';
import { audit, implement, tasks, unlock, validate } from './stages.js';

test.for([
  ['tasks', { stage: 'tasks', outputs: tasks }],
  ['implement', { stage: 'implement', outputs: implement }],
  ['validate', { stage: 'validate', outputs: validate }],
  ['audit', { stage: 'audit', outputs: audit }],
  ['unlock', { stage: 'unlock', outputs: unlock }],
] as const)('clean answers of %s are ok', ([, run]) => {
  const synthesis = verdictOf(run);
  expect(rulesOf(synthesis)).toEqual([]);
  expect(synthesis).toMatchObject({ status: 'ok', coverage: { total: 4, covered: 4 } });
});

const noIds = changed<Output>(tasks.claude, ['tasks', 1, 'requirement_ids'], []);
const contradiction = {
  gemini: changed<Output>(validate.gemini, ['scenarios', 0, 'name'], 'ac-1'),
  claude: changed<Output>(validate.claude, ['analysis', 0, 'status'], 'failed'),
  gpt_pro: changed<Output>(validate.gpt_pro, ['decision'], 'hold'),
};

const cases: readonly Case[] = [
  [
    'a task silently dropped',
    inTasks('gpt_pro', ['validated_tasks', 2], undefined),
    ['R22 conflict', 'R30 conflict'],
    'conflict',
  ],
  [
    'tasks of claude without a criterion',
    inTasks('claude', ['tasks', 1, 'requirement_ids'], undefined),
    [],
    'ok',
  ],
  [
    'a task without a validation step',
    inTasks('claude', ['tasks', 1, 'validation_step'], ''),
    ['R21 warn'],
    'ok',
  ],
  [
    'coverage in words that the arbiter drops',
    {
      stage: 'tasks',
      outputs: {
        ...tasks,
        claude: changed(noIds, ['acceptance_coverage'], ['AC-3: by T2']),
        gpt_pro: changed<Output>(tasks.gpt_pro, ['validated_tasks', 1, 'requirement_ids'], []),
      },
    },
    ['R22 conflict'],
    'conflict',
  ],
  ['hold', inValidate('gpt_pro', ['decision'], 'hold'), ['R40 conflict'], 'conflict'],
  [
    'a decision in other words',
    inValidate('gpt_pro', ['decision'], 'The team is lovely.'),
    ['R40 degrade'],
    'degraded',
  ],
  [
    'a scenario that failed',
    inValidate('gemini', ['scenarios', 0, 'status'], 'failed'),
    ['R40 conflict'],
    'conflict',
  ],
  [
    'a scenario that passed with failures',
    inValidate('gemini', ['scenarios', 0, 'failures'], ['one']),
    ['R40 conflict'],
    'conflict',
  ],
  ['a scenario that was skipped', inValidate('gemini', ['scenarios', 0, 'status'], 'skipped'), [], 'ok'],
  [
    'a criterion that was not checked',
    inValidate('claude', ['analysis', 1, 'status'], 'not_run'),
    ['R20 degrade', 'R21 warn'],
    'degraded',
  ],
  [
    'a criterion that failed',
    inValidate('claude', ['analysis', 1, 'status'], 'failed'),
    ['R40 conflict'],
    'conflict',
  ],
  [
    'a criterion that nobody looked at',
    inValidate('claude', ['analysis', 1], undefined),
    ['R20 degrade'],
    'degraded',
  ],
  [
    'one says passed, the other failed',
    { stage: 'validate', outputs: contradiction },
    ['R40 conflict', 'R40 conflict'],
    'conflict',
  ],
  [
    'claude holds, the arbiter approves',
    inAudit('claude', ['decision'], 'hold until the ledger is complete'),
    ['R40 conflict'],
    'conflict',
  ],
  [
    'a failed check beside an approval',
    inAudit('gpt_pro', ['checks', 0, 'status'], 'FAIL'),
    ['R40 conflict'],
    'conflict',
  ],
  ['no-go', inAudit('gpt_pro', ['recommendation'], 'No-Go'), ['R40 conflict'], 'conflict'],
  [
    'evidence that does not exist',
    inAudit('claude', ['evidence', 0, 'path'], 'docs/none.md'),
    ['R10 warn'],
    'ok',
  ],
  [
    'locked',
    {
      stage: 'unlock',
      outputs: { ...unlock, gpt_pro: changed<Output>(unlock.gpt_pro, ['decision'], 'keep locked') },
    },
    ['R40 conflict'],
    'conflict',
  ],
  [
    'gpt_codex is missing',
    { stage: 'implement', outputs: { ...implement, gpt_codex: null } },
    ['R01 degrade'],
    'degraded',
  ],
  [
    'a planned file is no citation',
    {
      stage: 'implement',
      outputs: {
        ...implement,
        claude: changed<Output>(implement.claude, ['positions', 0, 'cites'], ['docs/new.md']),
      },
    },
    [],
    'ok',
  ],
  [
    'a file of the code that does not exist',
    {
      stage: 'implement',
      outputs: {
        ...implement,
        gemini: changed<Output>(implement.gemini, ['code_paths', 0, 'files'], ['src/none.ts']),
      },
    },
    ['R10 warn'],
    'ok',
  ],
  [
    'the approach is dropped',
    {
      stage: 'implement',
      outputs: {
        ...implement,
        gpt_pro: changed<Output>(implement.gpt_pro, ['checklist', 0, 'from'], ['T9']),
      },
    },
    ['R30 conflict', 'R32 info'],
    'conflict',
  ],
];

test.for(cases)('%s', ([, run, rules, status]) => {
  const synthesis = verdictOf(run);
  expect(rulesOf(synthesis)).toEqual(rules);
  expect(synthesis.status).toBe(status);
  expect(saidBy(synthesis, run.stage)).toMatchSnapshot();
});

test('criteria are known by their words where an answer has no ids', () => {
  const rows = validate.claude.analysis.map(({ requirement_id: _, ...row }) => row);
  const claude = { ...validate.claude, analysis: rows };
  expect(rulesOf(verdictOf({ stage: 'validate', outputs: { ...validate, claude } }))).toEqual([]);
  const ids = validate.claude.analysis.map(row => ({ ...row, requirement: 'in other words' }));
  const own = { ...validate.claude, analysis: ids };
  expect(rulesOf(verdictOf({ stage: 'validate', outputs: { ...validate, claude: own } }))).toEqual([]);
});

test('a check that failed is named', () => {
  const run = inAudit(
    'gpt_pro',
    ['checks'],
    [
      { item: 'ledger', status: 'failed' },
      { item: 'gates', status: 'failed' },
      { item: 'tracker', status: 'passed' },
    ],
  );
  expect(verdictOf(run).findings[0]?.detail).toContain('reported as failed are: ledger, gates');
});

test('a contradiction names both sides', () => {
  const { findings } = verdictOf({ stage: 'validate', outputs: contradiction });
  expect(findings.map(({ agents, subject }) => [agents, subject])).toEqual([
    [['gemini', 'claude'], 'AC-1'],
    [['gpt_pro'], 'decision'],
  ]);
  expect(findings[0]?.detail).toBe('gemini report AC-1 as passed, claude as failed.');
});
