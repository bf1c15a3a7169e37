import { expect } from 'vitest';
import { standingsOf } from '../../src/agents/standing.js';
import { loadSettings } from '../../src/settings/load.js';
import { AGENT_KEY, ANSWER, agentWorkspace } from './agents.js';
import { askFake, type CliName, cliAnswers, printing } from './fake-cli.js';
import type { Repository } from './repository.js';

/** The usual key of a provider: an agent there runs with it and not without. */
function keyOf(api: string, variable: string) {
  return async (repo: Repository) => {
    const toml = `[agents.gpt_pro]\nmode = "http"\napi = "${api}"\nmodel = "m"\n`;
    const runs = async (env: Readonly<Record<string, string>>) => {
      const { workspace } = agentWorkspace(repo, toml, { env });
      const all = await standingsOf(workspace, await loadSettings(workspace), new AbortController().signal);
      return all.find(({ role }) => role === 'gpt_pro');
    };
    expect(await runs({})).toMatchObject({ runs: 'no' });
    expect(await runs({ [variable]: AGENT_KEY })).toMatchObject({
      runs: 'yes',
      why: `Its key is in ${variable}.`,
    });
  };
}

/** A variable that the program gets when the person has it. */
function handedTo(cli: CliName, variable: string, value: string) {
  return async (repo: Repository) => {
    const body = printing(cliAnswers[cli](ANSWER));
    const seen = async (env: Readonly<Record<string, string>>) =>
      (await askFake(repo, cli, body, { env })).given().env[variable];
    expect(await seen({})).toBeUndefined();
    expect(await seen({ [variable]: value })).toBe(value);
  };
}

export const agentVariables = {
  OPENAI_API_KEY: keyOf('openai-responses', 'OPENAI_API_KEY'),
  ANTHROPIC_API_KEY: keyOf('anthropic', 'ANTHROPIC_API_KEY'),
  GEMINI_API_KEY: keyOf('gemini', 'GEMINI_API_KEY'),
  CODEX_API_KEY: handedTo('codex', 'CODEX_API_KEY', AGENT_KEY),
  CLAUDE_CODE_OAUTH_TOKEN: handedTo('claude', 'CLAUDE_CODE_OAUTH_TOKEN', AGENT_KEY),
  CODEX_HOME: handedTo('codex', 'CODEX_HOME', '/somewhere/codex'),
  CLAUDE_CONFIG_DIR: handedTo('claude', 'CLAUDE_CONFIG_DIR', '/somewhere/claude'),
};
