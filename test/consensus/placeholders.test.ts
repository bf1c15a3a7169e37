import { expect, test } from 'vitest';
import { assertKnown, fillIn, placeholdersOf } from '../../src/consensus/placeholders.js';

const known = (stage: 'plan' | 'validate', agent: 'gemini' | 'gpt_pro', name: string) => () =>
  assertKnown('prompts.json', stage, agent, `Say \${${name}}.`);

test('what fills a prompt anywhere: its spec, its context, who is asked, and the answers so far', () => {
  const simple = ['SPEC_ID', 'CONTEXT', 'PROMPT_VERSION', 'MODEL_ID', 'MODEL_RELEASE', 'REASONING_MODE'];
  for (const name of [...simple, 'PREVIOUS_OUTPUTS'])
    expect(known('plan', 'gemini', name), name).not.toThrow();
});

test('the answers of agents before it, and of stages before its own, and no others', () => {
  const previous = (name: string) => `PREVIOUS_OUTPUTS.${name}`;
  for (const name of ['gemini', 'claude', 'plan', 'tasks', 'implement'])
    expect(known('validate', 'gpt_pro', previous(name)), name).not.toThrow();
  for (const name of ['gpt_pro', 'gpt_codex', 'validate', 'audit', 'x'])
    expect(known('validate', 'gpt_pro', previous(name)), name).toThrow(`\${PREVIOUS_OUTPUTS.${name}}`);
  expect(known('plan', 'gemini', 'MODEL')).toThrowError(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message:
        'prompts.json: the prompt of gemini has the placeholder ${MODEL}, which nothing fills there. Known: ${SPEC_ID} ${CONTEXT} ${PROMPT_VERSION} ${MODEL_ID} ${MODEL_RELEASE} ${REASONING_MODE} ${PREVIOUS_OUTPUTS}.',
    }),
  );
});

test('each placeholder is told once and filled everywhere; what comes in is not filled again', () => {
  const prompt = '${A} and ${B} and ${A}, ${}, $A, ${never\nends} ${open';
  expect([...placeholdersOf(prompt)]).toEqual(['A', 'B', '']);
  expect(fillIn(prompt, name => `<${name}\${B}>`)).toBe(
    '<A${B}> and <B${B}> and <A${B}>, <${B}>, $A, ${never\nends} ${open',
  );
});
