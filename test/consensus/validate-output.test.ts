import { expect, test } from 'vitest';
import type { AgentRole } from '../../schemas/settings.js';
import { rejectionReason } from '../../src/consensus/rejection.js';
import { judgeAnswer } from '../../src/consensus/validate-output.js';
import { changed, header, type Output, plan, question } from './answers.js';

const judge = (agent: AgentRole, answer: unknown, stage?: string) =>
  judgeAnswer(answer, question(agent, stage));
const claude = (path: readonly (string | number)[], member: unknown) => changed(plan.claude, path, member);

test.for(['gemini', 'claude', 'gpt_pro'] as const)(
  'accepts a clean answer of %s as text and as JSON',
  agent => {
    const wanted = { accepted: true, output: plan[agent], repaired: false, notes: [] };
    expect(judge(agent, plan[agent])).toEqual(wanted);
    expect(judge(agent, `Here:\n\`\`\`json\n${JSON.stringify(plan[agent])}\n\`\`\``)).toEqual(wanted);
  },
);

test.for([
  [
    'another stage',
    claude(['stage'], 'spec-audit'),
    'wrong_stage',
    'stage must be "spec-plan", not "spec-audit"',
  ],
  ['another spec', claude(['spec_id'], 'SPEC-KIT-018'), 'wrong_spec', 'spec_id must be "SPEC-KIT-DEMO"'],
  ['another spec by its old name', claude(['specId'], 'SPEC-KIT-018'), 'wrong_spec', 'specId must be'],
  ['another spec by a short name', claude(['spec'], 'SPEC-KIT-018'), 'wrong_spec', 'spec must be'],
  ['another run by its old name', claude(['runId'], '1'), 'wrong_run', 'runId must be'],
  ['another session', claude(['session_id'], '1'), 'wrong_run', 'session_id must be'],
  ['another session by its old name', claude(['sessionId'], '1'), 'wrong_run', 'sessionId must be'],
  [
    'an old prompt by its old name',
    claude(['promptVersion'], '1'),
    'wrong_prompt_version',
    'promptVersion must be',
  ],
  [
    'the answer of another run',
    claude(['run_id'], '20261124T160000Z-0a1b2c3d'),
    'wrong_run',
    'run_id must be',
  ],
  ['another agent', claude(['agent'], 'gemini'), 'wrong_agent', 'agent must be "claude", not "gemini"'],
  ['an agent that is no text', claude(['agent'], 7), 'wrong_agent', 'agent must be "claude", not no text'],
  [
    'an old prompt',
    claude(['prompt_version'], '20250101-plan-a'),
    'wrong_prompt_version',
    'prompt_version must be',
  ],
  ['a stub', claude(['model'], 'stub-model'), 'stub', 'a stub'],
  ['a release of 1970', claude(['model_release'], '1970-01-01'), 'stub', 'a stub'],
  ['the word stub', claude(['risks', 0, 'risk'], 'stub'), 'stub', 'risks[0].risk is "stub"'],
  [
    'a placeholder',
    claude(['risks', 0, 'owner'], '${OWNER}'),
    'placeholder',
    'risks[0].owner is a placeholder',
  ],
  [
    'a template word',
    claude(['risks', 0, 'risk'], 'string'),
    'placeholder',
    'risks[0].risk is a placeholder',
  ],
  ['a model left open', claude(['model'], 'x ${MODEL_ID}'), 'placeholder', 'model is a placeholder'],
  [
    'a text that reorders itself',
    claude(['risks', 0, 'risk'], 'a\u202Eb'),
    'hidden_text',
    'risks[0].risk contains',
  ],
  [
    'an invisible instruction',
    claude(['risks', 0, 'risk'], 'a\u{e0041}b'),
    'hidden_text',
    'hidden characters',
  ],
  ['an escape sequence', claude(['risks', 0, 'risk'], 'a\u001b[2Jb'), 'hidden_text', 'hidden characters'],
  ['a hidden name', claude(['note\u200b'], 'x'), 'hidden_text', 'note<U+200B> contains'],
  ['a missing list', claude(['risks'], undefined), 'wrong_shape', 'risks is missing'],
  ['a text for a list', claude(['risks'], 'none'), 'wrong_shape', 'risks must be a list, not text'],
  [
    'a number for a text',
    claude(['work_breakdown', 1, 'step'], 7),
    'wrong_shape',
    'work_breakdown[1].step must be text, not a number',
  ],
  [
    'a position of its own',
    claude(['positions', 0, 'position'], 'maybe'),
    'wrong_shape',
    'positions[0].position must be one of ready, needs_change, blocked, out_of_scope, not "maybe"',
  ],
  [
    'too many items',
    claude(
      ['risks'],
      Array.from({ length: 501 }, () => 'r'),
    ),
    'wrong_shape',
    'risks has more than 500 items',
  ],
  [
    'a text without end',
    claude(['risks', 0, 'risk'], 'x'.repeat(100_001)),
    'wrong_shape',
    'has more than 100000 characters',
  ],
  [
    'neither text nor object',
    claude(['risks', 0], 7),
    'wrong_shape',
    'risks[0] must be text or an object, not a number',
  ],
  [
    'an object without its text',
    claude(['risks', 0, 'risk'], undefined),
    'wrong_shape',
    'risks[0].risk is missing',
  ],
  [
    'no content',
    { ...header('claude'), work_breakdown: [], acceptance_mapping: [], risks: [], positions: [] },
    'no_content',
    'work_breakdown, acceptance_mapping, risks, answers',
  ],
  ['a list', [plan.claude, plan.claude], 'wrong_shape', 'it is not one JSON object'],
  ['nothing', undefined, 'wrong_shape', 'it is not one JSON object'],
  ['prose', 'The plan looks good to me.', 'no_json', 'there is no JSON object'],
  ['a truncated answer', JSON.stringify(plan.claude).slice(0, 500), 'truncated', 'the text ends'],
  [
    'the template',
    { stage: 'spec-plan', agent: 'claude', a: 'string', b: '...' },
    'template_echo',
    'a third',
  ],
] as const)('rejects %s and says what to change', ([, answer, code, problem]) => {
  const judgement = judge('claude', answer);
  expect(judgement).toMatchObject({ accepted: false, code });
  if (judgement.accepted) return;
  expect(judgement.problems.join('\n')).toContain(problem);
  expect(judgement.retryText).toContain(`- ${judgement.problems[0]}`);
  expect(judgement.retryText).toMatch(
    /^Your last reply was rejected: .*\nReply with the JSON object only\./s,
  );
});

test.for([
  ['a refusal', "I'm sorry, but I can't help with that.", 'refusal'],
  ['its instructions', claude(['risks', 0, 'risk'], 'the marker is c4n4ry-77'), 'canary'],
  ['an error', claude(['error'], 'agent execution failed'), 'error_field'],
] as const)('does not ask again after %s', ([, answer, code]) => {
  expect(judge('claude', answer)).toMatchObject({ accepted: false, code, retryText: null });
});

test('without a canary nothing repeats it, and an empty error is none', () => {
  const answer = claude(['error'], '');
  expect(judgeAnswer(answer, { ...question('claude'), canary: null })).toMatchObject({ accepted: true });
  expect(judgeAnswer(answer, { ...question('claude'), canary: '' })).toMatchObject({ accepted: true });
});

test('a value of 100,000 levels is rejected, not followed', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level++) deep = { deep };
  expect(judge('claude', deep)).toMatchObject({ accepted: false, code: 'too_deep' });
});

test('a value with a prototype key is rejected', () => {
  expect(judge('claude', JSON.parse('{"__proto__": {"stage": "x"}}'))).toMatchObject({
    code: 'invalid_json',
  });
});

test('names at most five problems', () => {
  const judgement = judge('claude', {
    ...header('claude'),
    work_breakdown: [{}, {}],
    acceptance_mapping: [],
    risks: [],
  });
  expect(judgement).toMatchObject({ code: 'wrong_shape' });
  if (judgement.accepted) return;
  expect(judgement.problems).toHaveLength(5);
  expect(judgement.problems.at(-1)).toBe('and 2 more');
  expect(rejectionReason(judgement)).toMatch(
    /^The answer was rejected: it has not the shape .*and 2 more\)\.$/,
  );
});

test('what only we ask for may be missing, and is noted', () => {
  const origin: Output = {
    ...header('gpt_pro'),
    feasibility_notes: [],
    missing_items: [],
    final_plan: { work_breakdown: ['Write the documents'], acceptance_mapping: [], risks: ['none known'] },
  };
  const judgement = judge('gpt_pro', origin);
  expect(judgement).toMatchObject({ accepted: true });
  if (judgement.accepted)
    expect(judgement.notes.join('\n')).toContain('final_plan.work_breakdown[0] must be an object');
});

test('an id that nobody gave out is noted, with those that were', () => {
  const judgement = judge('claude', claude(['positions', 0, 'requirement_id'], 'R9'));
  expect(judgement).toMatchObject({
    accepted: true,
    notes: ['positions[0].requirement_id must be one of AC-1, AC-2, AC-3, AC-4, not "R9"'],
  });
});

test.for([
  [
    'validate',
    'gpt_pro',
    { decision: 'approve', next_actions: [], consensus: { agreements: [], conflicts: [] } },
  ],
  [
    'audit',
    'claude',
    { decision: 'hold', evidence: [{ name: 'log', path: 'a.md' }], risks: [], open_items: [] },
  ],
  ['unlock', 'gemini', { branch_state: 'clean', pending_work: [], risks: [] }],
  ['implement', 'gpt_codex', { diff_proposals: [], test_commands: ['npm test'], tool_calls: [], risks: [] }],
] as const)('accepts the origin’s content of %s from %s', ([stage, agent, content]) => {
  expect(judge(agent, { ...header(agent, `spec-${stage}`), ...content }, `spec-${stage}`)).toMatchObject({
    accepted: true,
  });
});

test('a consensus that is a text is no consensus', () => {
  const audit = { checks: [], recommendation: 'go', conditions: [], consensus: 'all agree' };
  expect(judge('gpt_pro', { ...header('gpt_pro', 'spec-audit'), ...audit }, 'spec-audit')).toMatchObject({
    code: 'wrong_shape',
    problems: ['consensus must be an object, not text'],
  });
});
