import { expect, test } from 'vitest';
import { CRITERIA, changed, plan, positions } from './answers.js';
import { type Case, everyone, final, inPlan } from './changes.js';
import { rulesOf, verdictOf } from './run.js';
import { saidBy } from './said.js';

const four = (rule: string) => CRITERIA.map(() => rule);
const wishes = { ...plan.claude, positions: positions('needs_change') };
const declares = (...conflicts: readonly unknown[]) =>
  inPlan('gpt_pro', [...final('consensus'), 'conflicts'], conflicts);

/** The researcher asks Q7 and one without an id; these are answered. */
const asks = (...ids: readonly string[]) => ({
  outputs: {
    ...plan,
    gemini: changed(plan.gemini, ['questions'], [{ id: 'Q7', text: 'Why?' }, 'When?']),
    claude: changed(
      plan.claude,
      ['answers'],
      ids.map(question_id => ({ question_id, answer: 'Because.' })),
    ),
  },
});

const cases: readonly Case[] = [
  ['an agent without positions', inPlan('gemini', ['positions'], undefined), ['R43 degrade'], 'degraded'],
  [
    'an agent with an empty list of positions',
    inPlan('gemini', ['positions'], []),
    ['R43 degrade'],
    'degraded',
  ],
  ['a position that is missing', inPlan('gemini', ['positions', 3], undefined), ['R43 warn'], 'ok'],
  [
    'out of scope against ready',
    inPlan('gemini', ['positions', 3, 'position'], 'out_of_scope'),
    ['R41 conflict'],
    'conflict',
  ],
  [
    'out of scope against a wish for change',
    { outputs: { ...everyone('out_of_scope'), claude: wishes } },
    four('R41 conflict'),
    'conflict',
  ],
  [
    'a wish for change against ready',
    inPlan('gemini', ['positions', 3, 'position'], 'needs_change'),
    [],
    'ok',
  ],
  [
    'blocked against a wish for change',
    { outputs: { ...everyone('blocked'), claude: wishes } },
    four('R44 degrade'),
    'degraded',
  ],
  ['everyone out of scope', { outputs: everyone('out_of_scope') }, [], 'ok'],
  ['everyone blocked', { outputs: everyone('blocked') }, four('R44 degrade'), 'degraded'],
  [
    'an agreement that nobody else supports',
    inPlan('gpt_pro', [...final('consensus'), 'agreements', 0], 'quantum teleportation beats everything'),
    ['R52 warn'],
    'ok',
  ],
  [
    'a conflict of the researcher',
    inPlan('gemini', ['conflicts'], ['the scope is disputed']),
    ['R50 conflict'],
    'conflict',
  ],
  [
    'a conflict as an object',
    inPlan('gemini', ['consensus'], { conflicts: [{ topic: 'scope', sides: ['a', 'b'] }] }),
    ['R50 conflict'],
    'conflict',
  ],
  ['a conflict beside the plan', inPlan('gpt_pro', final('conflicts'), ['x']), ['R50 conflict'], 'conflict'],
  ['no conflict, in words', declares('None.', 'No conflicts identified', 'n/a'), [], 'ok'],
  ['a conflict that begins like none', declares('None of the steps can start'), ['R50 conflict'], 'conflict'],
  ['a crash that did not happen', declares('gemini execution failed'), ['R50 conflict'], 'conflict'],
  [
    'a crash that did happen',
    { outputs: { ...declares('gemini execution failed (x.json)').outputs, gemini: null } },
    ['R01 degrade', 'R51 info'],
    'degraded',
  ],
  ['a question that nobody answers', inPlan('claude', ['answers'], []), ['R60 warn'], 'ok'],
  ['questions answered by their ids, or by their numbers where they have none', asks('Q7', 'Q2'), [], 'ok'],
  ['a question without an id that nobody answers', asks('Q7'), ['R60 warn'], 'ok'],
  ['a question with an id, answered by its number', asks('Q1', 'Q2'), ['R60 warn'], 'ok'],
  ['a question answered with nothing', inPlan('claude', ['answers', 0, 'answer'], ''), ['R60 warn'], 'ok'],
  [
    'a question that the arbiter lists as missing',
    {
      outputs: {
        ...plan,
        claude: changed(plan.claude, ['answers'], []),
        gpt_pro: changed(plan.gpt_pro, ['missing_items'], ['Q1: credentials']),
      },
    },
    [],
    'ok',
  ],
];

test.for(cases)('%s', ([, run, rules, status]) => {
  const synthesis = verdictOf(run);
  expect(rulesOf(synthesis)).toEqual(rules);
  expect(synthesis.status).toBe(status);
  expect(saidBy(synthesis, run.stage)).toMatchSnapshot();
});

test('an agreement counts when another answer says most of it', () => {
  const agreements = ['The documents of the packet are registered', 'Nothing here is shared by anyone'];
  expect(verdictOf(inPlan('gpt_pro', [...final('consensus'), 'agreements'], agreements))).toMatchObject({
    consensus: { agreements: [agreements[0]] },
    unverified_agreements: [agreements[1]],
  });
});

test('a split is counted with what became of it', () => {
  const split = inPlan('gemini', ['positions', 1, 'position'], 'blocked');
  expect(verdictOf(split).alignment).toEqual({ compared: 4, agreed: 3, split: 1, resolved: 0 });
  const choice = { requirement_id: 'AC-2', chosen: 'ready', reason: 'it exists', cites: ['SPEC.md:12'] };
  const gpt_pro = changed(plan.gpt_pro, final('resolutions'), [choice]);
  expect(verdictOf({ outputs: { ...split.outputs, gpt_pro } })).toMatchObject({
    alignment: { compared: 4, agreed: 3, split: 1, resolved: 1 },
    resolutions: [choice],
  });
});
