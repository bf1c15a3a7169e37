import { expect, test } from 'vitest';
import { judgeAnswer, judgeEscalation } from '../../src/consensus/validate-output.js';
import { changed, header, type Output, plan, question } from './answers.js';
import { audit, implement, tasks, unlock, validate } from './stages.js';

test('the answer to the second question is judged by a shape of its own', () => {
  const resolutions = [{ requirement_id: 'AC-1', chosen: 'ready', reason: 'it exists', cites: ['SPEC.md'] }];
  const answer = { ...header('gpt_pro'), resolutions };
  expect(judgeEscalation(answer, question('gpt_pro'))).toMatchObject({ accepted: true, notes: [] });
  expect(judgeEscalation({ ...answer, spec_id: undefined }, question('gpt_pro'))).toMatchObject({
    accepted: true,
    notes: ['spec_id is missing'],
  });
  expect(judgeEscalation(plan.gpt_pro, question('gpt_pro'))).toMatchObject({
    accepted: false,
    code: 'wrong_shape',
    problems: ['resolutions is missing'],
  });
  expect(judgeEscalation(null, question('gpt_pro'))).toMatchObject({ code: 'wrong_shape' });
});

test('a stage that does not exist has no answers', () => {
  const asked = { ...question('claude'), stage: 'spec-dream' };
  expect(judgeAnswer({ ...plan.claude, stage: 'spec-dream' }, asked)).toMatchObject({ code: 'wrong_stage' });
});

test.for([
  ['plan', ['final_plan', 'work_breakdown'], 'final_plan.work_breakdown is empty'],
  ['tasks', ['validated_tasks'], 'validated_tasks is empty'],
  ['implement', ['checklist'], 'checklist is empty'],
  ['validate', ['decision'], 'decision is empty'],
  ['audit', ['recommendation'], 'recommendation is empty'],
  ['unlock', ['decision'], 'decision is empty'],
] as const)('what the arbiter owes in %s may not be empty', ([stage, path, problem]) => {
  const answers = { plan, tasks, implement, validate, audit, unlock };
  const empty = path.at(-1) === 'decision' || path.at(-1) === 'recommendation' ? ' ' : [];
  const answer = changed<Output>(answers[stage].gpt_pro, path, empty);
  expect(judgeAnswer(answer, question('gpt_pro', `spec-${stage}`))).toMatchObject({
    code: 'no_content',
    problems: [problem],
  });
});
