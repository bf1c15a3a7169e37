import { expect, test } from 'vitest';
import { allTexts, at, choicesOf, records, stancesOf, text, texts } from '../../src/consensus/read-output.js';
import { droppedSteps, finalSteps, proposedSteps } from '../../src/consensus/steps.js';

test('what is not as asked reads as absent', () => {
  expect(at({ a: { b: 1 } }, 'a', 'b')).toBe(1);
  expect(at({ a: [1] }, 'a', '0')).toBeUndefined();
  expect(at({}, 'toString')).toBeUndefined();
  expect(at(null, 'a')).toBeUndefined();
  expect(text({ a: ' x ' }, 'a')).toBe('x');
  expect(text({ a: 7 }, 'a')).toBe('');
  expect(texts({ a: [' x ', '', ' ', 7, null, 'y'] }, 'a')).toEqual(['x', 'y']);
  expect(texts({ a: 'x' }, 'a')).toEqual([]);
  expect(records([{ a: 1 }, 'bare', 7, null, [1]], 'name')).toEqual([{ a: 1 }, { name: 'bare' }]);
  expect(records({ a: 1 }, 'name')).toEqual([]);
});

test('a statement is one text for one item, whatever it is made of', () => {
  expect(allTexts(' x ')).toEqual(['x']);
  expect(allTexts('  ')).toEqual([]);
  expect(allTexts(['x', ' ', 7, null, { topic: 'a', sides: ['b', 'c'] }, {}])).toEqual(['x', 'a: b: c']);
  expect(allTexts({ topic: 'a', more: { side: 'b' } })).toEqual(['a: b']);
  expect(allTexts(7)).toEqual([]);
});

test('positions and choices are those of the closed vocabulary', () => {
  const stance = { requirement_id: ' AC-1 ', position: 'ready', because: 'x', cites: ['a.md', ''] };
  expect(stancesOf({ positions: [stance, { ...stance, position: 'READY' }, 'ready', 7] })).toEqual([
    { requirement_id: 'AC-1', position: 'ready', because: 'x', cites: ['a.md'] },
  ]);
  const choice = { requirement_id: 'AC-1', chosen: 'blocked', reason: 'x', cites: [] };
  expect(
    choicesOf({ resolutions: [choice, { chosen: 'maybe' }], final_plan: { resolutions: [choice] } }),
  ).toEqual([choice, choice]);
});

test('steps have the ids that they were given, or those of their place', () => {
  const output = { work_breakdown: [{ step: 'a' }, { id: 'X', step: 'b' }, 'c'] };
  expect(proposedSteps('plan', output)).toEqual([
    { id: 'S1', text: 'a' },
    { id: 'X', text: 'b' },
    { id: 'S3', text: 'c' },
  ]);
  expect(proposedSteps('plan', undefined)).toEqual([]);
  expect(proposedSteps('audit', output)).toEqual([]);
  expect(proposedSteps('tasks', { tasks: [{ task_id: 'T1', title: 'a' }] })).toEqual([
    { id: 'T1', text: 'a' },
  ]);
});

test('final steps say where they come from, or nothing', () => {
  const plan = {
    final_plan: { work_breakdown: ['a', { step: 'b', from: [] }, { step: 'c', from: ['S1', 7] }] },
  };
  expect(finalSteps('plan', plan)).toEqual([
    { text: 'a', from: undefined },
    { text: 'b', from: [] },
    { text: 'c', from: ['S1'] },
  ]);
  expect(finalSteps('tasks', { validated_tasks: [{ task_id: 'T1', title: 'a' }, { title: 'b' }] })).toEqual([
    { text: 'a', from: ['T1'] },
    { text: 'b', from: undefined },
  ]);
  expect(finalSteps('implement', { checklist: [{ step: 'a', task_id: 'T9' }] })).toEqual([
    { text: 'a', from: undefined },
  ]);
  expect(finalSteps('unlock', plan)).toEqual([]);
  expect(droppedSteps({ dropped: ['S1'], final_plan: { dropped: [{ id: 'S2', reason: ' r ' }] } })).toEqual([
    { id: 'S1', reason: '' },
    { id: 'S2', reason: 'r' },
  ]);
});
