import { expect, test } from 'vitest';
import { STAGES } from '../../schemas/ids.js';
import { Settings } from '../../schemas/settings.js';
import { playersOf } from '../../src/consensus/players.js';
import { operator } from '../support/repository.js';

const settings = Settings.parse({
  agents: { gemini: { model: 'my-gemini', model_release: '2026-01-01', reasoning_mode: 'deep' } },
});

function linesOf(stage: (typeof STAGES)[number], variables: Readonly<Record<string, string>> = {}) {
  const environment = { operator: { ...operator, variable: (name: string) => variables[name] } };
  return playersOf(environment, settings, stage).map(
    ({ role, title, model, release, reasoning, agent }) =>
      `${role} (${title}): ${model} ${release} ${reasoning}, asked for ${agent.model ?? 'none'}`,
  );
}

const GEMINI = 'gemini (Researcher): my-gemini 2026-01-01 deep, asked for my-gemini';
const CLAUDE = 'claude (Synthesizer): claude-4.5-sonnet 2025-09-29 auto, asked for none';
const CODEX = 'gpt_codex (Implementer): gpt-5-codex 2025-09-29 high, asked for none';
const PRO = 'gpt_pro (Executor & QA): gpt-5 2025-09-29 high, asked for none';

test.for(STAGES)('who is asked in %s, in order, by settings and defaults', stage => {
  expect(linesOf(stage)).toEqual(
    stage === 'implement' ? [GEMINI, CLAUDE, CODEX, PRO] : [GEMINI, CLAUDE, PRO],
  );
});

test('without settings every agent has its default', () => {
  const environment = { operator: { ...operator, variable: () => undefined } };
  const [first] = playersOf(environment, Settings.parse({}), 'plan');
  expect(first).toMatchObject({ model: 'gemini-2.5-pro', release: '2025-08-06', reasoning: 'thinking' });
});

test('the environment goes before the settings; a release belongs to the model it was given for', () => {
  const variables = {
    CONSENSUS_MODEL_GEMINI: ' other ',
    CONSENSUS_MODEL_CLAUDE: '',
    CONSENSUS_MODEL_GPT_CODEX: 'gpt-5-codex',
    CONSENSUS_MODEL_GPT_PRO: 'x'.repeat(200),
  };
  const long = 'x'.repeat(128);
  expect(linesOf('implement', variables)).toEqual([
    'gemini (Researcher): other unknown deep, asked for other',
    CLAUDE,
    'gpt_codex (Implementer): gpt-5-codex 2025-09-29 high, asked for gpt-5-codex',
    `gpt_pro (Executor & QA): ${long} unknown high, asked for ${long}`,
  ]);
  expect(linesOf('plan', { CONSENSUS_MODEL_GEMINI: 'my-gemini' })[0]).toBe(GEMINI);
});
