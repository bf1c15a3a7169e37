import { expect, test } from 'vitest';
import { argumentProblems } from '../../src/argument-problems.js';
import { tools } from '../../tools/index.js';

const said = (name: string, input: object) => {
  const { error } = tools.find(tool => tool.name === name)?.input.safeParse(input) ?? {};
  return error && argumentProblems(error);
};
const spec = { specId: 'SPEC-KIT-018' };

test.for([
  [
    'run_guardrail',
    { ...spec, stage: 'tasks', baselineMode: 'full' },
    'baselineMode goes with the plan stage alone',
  ],
  ['hal_smoke', { ...spec, checks: [] }, 'checks must name a check, or be left out to run all'],
  ['lint_tasks', { cursor: 'x' }, 'cursor must be the nextCursor of the page before'],
  ['lint_tasks', { limit: 0 }, 'limit must be at least 1'],
  ['update_task', { taskId: 'T1', lastValidation: 'today' }, 'lastValidation must be a date, YYYY-MM-DD'],
  [
    'update_task',
    { taskId: 'T1', status: 'done' },
    'status must be one of Backlog, In Progress, In Review, Blocked, Done',
  ],
  [
    'spec_status',
    { runId: 'x' },
    'runId must be an id such as 20261122T100000Z-1a2b3c4d, as results and spec_status give it',
  ],
  [
    'spec_stage',
    { ...spec, stage: 'plan' },
    'stage must be one of tasks, implement, validate, audit, unlock',
  ],
  ['verify_evidence', { ...spec, all: true }, 'all cannot be given together with specId'],
  ['new_spec', { title: 'x', area: '!' }, 'area must be 1 to 16 letters and digits, a letter first'],
] as const)('%s %j says what to change', ([name, input, problem]) => {
  expect(said(name, input)).toBe(problem);
});

test.for([
  ['run_guardrail', { ...spec, stage: 'plan', baselineMode: 'full' }],
  ['hal_smoke', { ...spec, checks: ['health'] }],
  ['hal_smoke', spec],
] as const)('%s %j is fine', ([name, input]) => {
  expect(said(name, input)).toBeUndefined();
});
