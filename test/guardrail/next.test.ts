import { expect, test } from 'vitest';
import type { Outcome, Stage } from '../../schemas/ids.js';
import { nextCall } from '../../src/guardrail/next.js';

const specId = 'SPEC-A-1';
const guardrail = (stage: Stage) => ({ tool: 'run_guardrail', arguments: { specId, stage } });

test.for<[stage: Stage, following: object]>([
  ['plan', guardrail('tasks')],
  ['tasks', guardrail('implement')],
  ['implement', guardrail('validate')],
  ['validate', guardrail('audit')],
  ['audit', guardrail('unlock')],
  ['unlock', { tool: 'spec_status', arguments: { specId } }],
])('after a passed %s comes %j', ([stage, following]) => {
  expect(nextCall(specId, stage, 'passed', [{ name: 'evidence:plan', status: 'failed' }])).toEqual(following);
});

test.for<[stage: Stage, checks: string[], next: object]>([
  ['plan', ['clean-tree failed'], guardrail('plan')],
  ['audit', [], guardrail('audit')],
  ['audit', ['evidence:tasks failed', 'evidence:plan failed'], guardrail('plan')],
  ['audit', ['evidence:plan passed', 'evidence:tasks failed'], guardrail('tasks')],
  ['audit', ['evidence:plan not_run', 'my-evidence:plan failed'], guardrail('audit')],
  ['audit', ['verdict:plan failed'], { tool: 'spec_plan', arguments: { specId } }],
  ['audit', ['verdict:tasks failed'], { tool: 'spec_stage', arguments: { specId, stage: 'tasks' } }],
  ['audit', ['verdict:tasks passed', 'verdict:plan waived'], guardrail('audit')],
  ['audit', ['verdict:plan failed', 'evidence:validate failed'], guardrail('validate')],
  ['unlock', ['audit-passed failed'], guardrail('audit')],
  ['unlock', ['audit-passed failed', 'evidence:plan failed'], guardrail('audit')],
  ['unlock', ['audit-passed passed', 'lock-released failed'], guardrail('unlock')],
])('after a %s with %j comes %j', ([stage, texts, next]) => {
  const checks = texts.map(text => {
    const [name = '', status = ''] = text.split(' ');
    return { name, status: STATUSES.find(known => known === status) ?? 'passed' };
  });
  for (const outcome of ['failed', 'incomplete'] satisfies Outcome[])
    expect(nextCall(specId, stage, outcome, checks)).toEqual(next);
});

const STATUSES = ['passed', 'failed', 'not_run', 'waived'] as const;
