import { expect } from 'vitest';
import { STAGES } from '../../schemas/ids.js';
import { playersOf } from '../../src/consensus/players.js';
import { loadPrompts, MAX_PROMPTS_BYTES } from '../../src/consensus/prompts.js';
import { type PromptParts, renderPrompt } from '../../src/consensus/render.js';
import { rosterOf } from '../../src/consensus/roster.js';
import { loadSettings } from '../../src/settings/load.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { openTest } from '../support/repository.js';
import { test } from '../support/workspace.js';

const FILE = 'docs/spec-kit/prompts.json';
const agents = { gemini: { prompt: 'a' }, claude: { prompt: 'b' }, gpt_pro: { prompt: 'c' } };
const plan = (more: object = {}) =>
  JSON.stringify({ 'spec-plan': { version: '20251002-plan-a', ...agents, ...more } });

const load = async (workspace: Workspace) =>
  loadPrompts(workspace, (await loadSettings(workspace)).settings, 'plan');

const parts: PromptParts = {
  specId: 'SPEC-KIT-DEMO',
  runId: '20261122T100000Z-0a0b0c0d',
  stage: 'spec-plan',
  role: 'claude',
  title: 'Synthesizer',
  model: 'm',
  release: 'r',
  reasoning: 'high',
  promptVersion: '20251002-plan-a',
  template: '',
  nonce: 'c0ffee',
  canary: 'a1b2c3d4',
  goal: undefined,
  documents: [{ name: 'spec.md', text: 'the spec says ${MODEL_ID}' }],
  criteria: [{ id: 'AC-1', text: 'it works', line: 3 }],
  steps: [],
  conflicts: [],
  earlier: [{ role: 'gemini', json: '{"stage":"spec-plan"}' }],
  stages: { plan: '{"work":1}' },
};

test('built-in prompts cover every role of every stage', async ({ workspace }) => {
  const { settings } = await loadSettings(workspace);
  for (const stage of STAGES) {
    const { version, source, prompts } = loadPrompts(workspace, settings, stage);
    expect(version).toMatch(new RegExp(`^\\d{8}-${stage}-a$`));
    expect(source).toBe('built-in');
    expect(Object.keys(prompts)).toEqual([...rosterOf(stage)]);
  }
});

test('prompts of the workspace come first', async ({ repo, workspace }) => {
  repo.write(FILE, plan({ notes: ['free'] }));
  expect(await load(workspace)).toEqual({
    version: '20251002-plan-a',
    source: 'workspace',
    prompts: { gemini: 'a', claude: 'b', gpt_pro: 'c' },
  });
});

test.for([
  ['no JSON', '{', /not JSON/],
  ['no object', '[]', /not an object of stages/],
  ['no such stage', '{}', /has no "spec-plan" object/],
  ['a missing agent', plan({ claude: undefined }), /"spec-plan" has no prompt for the agent claude/],
  ['an agent without a prompt', plan({ claude: { role: 'x' } }), /no prompt for the agent claude/],
  ['an agent that is not asked', plan({ gpt_codex: { prompt: 'x' } }), /a prompt for "gpt_codex"/],
  [
    'a version of another form',
    plan({ version: 'v1' }),
    /version "v1", and one looks like "20251002-plan-a"/,
  ],
  ['a version of another stage', plan({ version: '20251002-tasks-a' }), /one looks like/],
  [
    'an unknown placeholder',
    plan({ gemini: { prompt: '${CONTEX}' } }),
    /placeholder \$\{CONTEX\}, which nothing fills/,
  ],
  [
    'the answer of a later agent',
    plan({ gemini: { prompt: '${PREVIOUS_OUTPUTS.claude}' } }),
    /PREVIOUS_OUTPUTS\.claude/,
  ],
  ['a later stage', plan({ claude: { prompt: '${PREVIOUS_OUTPUTS.tasks}' } }), /PREVIOUS_OUTPUTS\.tasks/],
  [
    '5 MB',
    `${' '.repeat(5 * 2 ** 20)}{}`,
    new RegExp(`has 5242882 bytes, and the limit is ${MAX_PROMPTS_BYTES}`),
  ],
] as const)(
  'prompts.json with %s is an error that names it',
  async ([, text, message], { repo, workspace }) => {
    repo.write(FILE, text);
    await expect(load(workspace)).rejects.toThrow(message);
    await expect(load(workspace)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  },
);

test('a prompt is filled in one pass: what the data holds is not looked at again', () => {
  const template =
    'C ${CONTEXT} for ${SPEC_ID}: ${PROMPT_VERSION} ${MODEL_ID} ${MODEL_RELEASE} ${REASONING_MODE}';
  const { prompt } = renderPrompt({ ...parts, template });
  expect(prompt).toContain('the spec says ${MODEL_ID}');
  expect(prompt).toContain('for SPEC-KIT-DEMO: 20251002-plan-a m r high');
});

test('answers of other agents and stages are data, whole once, and never lost', () => {
  const block = '<data-c0ffee name="gemini" trust="agent">\n{"stage":"spec-plan"}\n</data-c0ffee>';
  const twice = renderPrompt({
    ...parts,
    template: '${PREVIOUS_OUTPUTS.gemini} then ${PREVIOUS_OUTPUTS.gemini}',
  });
  expect(twice.prompt.split(block)).toHaveLength(2);
  expect(twice.prompt).toContain('then the data "gemini" above');
  expect(renderPrompt({ ...parts, template: 'no placeholder' }).prompt).toContain(block);
  expect(renderPrompt({ ...parts, template: '${PREVIOUS_OUTPUTS}' }).prompt.split(block)).toHaveLength(2);
  expect(renderPrompt({ ...parts, template: '${PREVIOUS_OUTPUTS.plan}' }).prompt).toContain('{"work":1}');
  expect(renderPrompt({ ...parts, stages: {}, template: 'x ${PREVIOUS_OUTPUTS.plan}' }).prompt).toContain(
    'x (none yet)',
  );
});

test('a prompt without ${CONTEXT} still carries the packet, and every prompt its criteria', () => {
  const { prompt } = renderPrompt({ ...parts, template: 'task' });
  expect(prompt.indexOf('the spec says')).toBeLessThan(prompt.indexOf('task'));
  expect(prompt).toContain('AC-1: it works');
});

const steps = [{ id: 'S1', text: 'one step' }];
const conflicts = ['AC-1: gemini says ready, claude blocked'];
const templates: readonly [name: string, PromptParts][] = [
  ['nothing placed', { ...parts, template: 'task' }],
  [
    'everything placed',
    { ...parts, template: 'C ${CONTEXT}\nO ${PREVIOUS_OUTPUTS}\nS ${PREVIOUS_OUTPUTS.plan}', steps },
  ],
  [
    'a goal and conflicts',
    { ...parts, template: '${CONTEXT} ${CONTEXT}', goal: 'be quick', conflicts, earlier: [] },
  ],
  [
    'nothing to show',
    {
      ...parts,
      template: '${PREVIOUS_OUTPUTS} ${PREVIOUS_OUTPUTS.none}',
      criteria: [],
      earlier: [],
      documents: [],
    },
  ],
  [
    'two documents',
    {
      ...parts,
      template: 'x',
      criteria: [{ id: 'AC-1', text: 'w'.repeat(400), line: 1 }],
      documents: [...parts.documents, { name: 'plan.md', text: 'p' }],
    },
  ],
];

test('the whole of what an agent is told', () => {
  const said = templates.map(([name, each]) => {
    const { system, prompt } = renderPrompt(each);
    return `=== ${name}\n${system}\n---\n${prompt}`;
  });
  expect(said.join('\n')).toMatchSnapshot();
});

test('models: environment before spec-kit.toml before the defaults', async ({ repo }) => {
  repo.write(
    'spec-kit.toml',
    '[agents.claude]\nmodel = "opus"\nmodel_release = "2026-01-01"\n[agents.gemini]\nmodel = "flash"\n',
  );
  const workspace = openTest(repo.root, {
    variable: name => (name === 'CONSENSUS_MODEL_GEMINI' ? 'gemini-3' : undefined),
  });
  const { settings } = await loadSettings(workspace);
  expect(
    playersOf(workspace, settings, 'plan').map(({ role, model, release, reasoning }) => [
      role,
      model,
      release,
      reasoning,
    ]),
  ).toEqual([
    ['gemini', 'gemini-3', 'unknown', 'thinking'],
    ['claude', 'opus', '2026-01-01', 'auto'],
    ['gpt_pro', 'gpt-5', '2025-09-29', 'high'],
  ]);
  expect(playersOf(workspace, settings, 'plan')[0]?.agent.model).toBe('gemini-3');
});
