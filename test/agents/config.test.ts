import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { standingsOf } from '../../src/agents/standing.js';
import { loadSettings } from '../../src/settings/load.js';
import { AGENT_KEY, ANSWER, agentWorkspace, ask, httpToml, serveAnswer } from '../support/agents.js';
import { test } from '../support/workspace.js';

const local = 'http://127.0.0.1:1';

test('nothing is sent before a person trusted exactly this file, whatever keys there are', async ({
  repo,
}) => {
  const { url, seen } = await serveAnswer('anthropic', ANSWER);
  const { answer } = await ask(repo, httpToml('anthropic', url), { trusted: false });
  expect(answer).toMatchObject({ text: null, attempts: [], failure: { code: 'config' } });
  expect(answer.failure?.message).toMatch(/^untrusted: spec-kit\.toml .*spec-kit-mcp trust/);
  expect(seen).toHaveLength(0);
});

test('a key in the environment is not consent: an agent without a mode is played by the client', async ({
  repo,
}) => {
  const { answer } = await ask(repo, '[agents.gpt_pro]\n', { env: { OPENAI_API_KEY: AGENT_KEY } });
  expect(answer.failure).toMatchObject({ code: 'config', message: expect.stringContaining('mode "client"') });
});

test.for([
  ['no api', 'mode = "http"\nmodel = "m"', 'no api. Add api = "openai-responses" or'],
  ['no model', `mode = "http"\napi = "gemini"\nbase_url = "${local}"`, 'no model. Add model ='],
  ['no key', 'mode = "http"\napi = "gemini"\nmodel = "m"', 'Set GEMINI_API_KEY, or name another'],
  [
    'no key for another address',
    'mode = "http"\napi = "gemini"\nmodel = "m"\nbase_url = "https://models.example.com"',
    'There is no key for models.example.com. Name the variable of its key with key_env',
  ],
  ['http elsewhere', 'mode = "http"\napi = "gemini"\nmodel = "m"\nbase_url = "http://10.0.0.1"', 'Use https'],
  [
    'a password in the URL',
    'mode = "http"\napi = "gemini"\nmodel = "m"\nbase_url = "https://a:hunter2hunter2@example.com"',
    '[agents.gpt_pro] base_url holds a user or password',
  ],
  [
    'no URL',
    'mode = "http"\napi = "gemini"\nmodel = "m"\nbase_url = "file:///etc"',
    'is not an http or https URL',
  ],
  [
    'a variable that is not set',
    `mode = "http"\napi = "gemini"\nmodel = "m"\nbase_url = "${local}"\nkey_env = "NO_API_KEY"`,
    'key_env names NO_API_KEY, which is not set',
  ],
  ...['AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'HAL_SECRET_KAVEDARR_API_KEY', 'PATH', 'SSH_PRIVATE_KEY'].map(
    name =>
      [
        name,
        `mode = "http"\napi = "gemini"\nmodel = "m"\nbase_url = "${local}"\nkey_env = "${name}"`,
        `names ${name}, which does not look like the key of a model`,
      ] as const,
  ),
] as const)(
  '%s is a failure that names the key and the fix; nothing is sent',
  async ([, agent, words], { repo }) => {
    const env = { AWS_SECRET_ACCESS_KEY: AGENT_KEY, GITHUB_TOKEN: AGENT_KEY };
    const { answer } = await ask(repo, `[agents.gpt_pro]\n${agent}\n`, { env });
    expect(answer).toMatchObject({ text: null, attempts: [], failure: { code: 'config' } });
    expect(answer.failure?.message).toContain(words);
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|canary/);
  },
);

test.for([
  ['short', 'too few to keep it out'],
  ['two words of a key', 'that no header can carry'],
  ['line-one-of-it\nline-two', 'that no header can carry'],
] as const)('the key %j is not used', async ([key, words], { repo }) => {
  const { answer } = await ask(repo, httpToml('anthropic', local), { env: { MODEL_API_KEY: key } });
  expect(answer.failure?.message).toContain(words);
  expect(answer.failure?.message).not.toContain(key);
  expect(answer.attempts).toEqual([]);
});

test('a key of a provider goes to no other address unless key_env says so', async ({ repo }) => {
  const { url, seen } = await serveAnswer('openai-responses', ANSWER);
  const toml = httpToml('openai-responses', url).replace(/key_env.*\n/, '');
  const { answer } = await ask(repo, toml, { env: { OPENAI_API_KEY: AGENT_KEY } });
  expect(answer.text).toBe(ANSWER);
  expect(JSON.stringify(seen)).not.toContain(AGENT_KEY);
  expect(seen[0]?.headers.authorization).toBeUndefined();
});

test('CONSENSUS_MODEL_<ROLE> outranks the file', async ({ repo }) => {
  const { url, seen } = await serveAnswer('openai-responses', ANSWER);
  const env = { CONSENSUS_MODEL_GPT_PRO: 'another-model' };
  const { answer } = await ask(repo, httpToml('openai-responses', url), { env });
  expect(answer.modelRequested).toBe('another-model');
  expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ model: 'another-model', store: false });
});

test('a base path is kept, and effort and limits reach the provider', async ({ repo }) => {
  const { url, seen } = await serveAnswer('anthropic', ANSWER);
  const more = 'reasoning_mode = "high"\nmax_output_tokens = 777\n';
  await ask(repo, httpToml('anthropic', `${url}/gateway/v1/`, more));
  await ask(repo, httpToml('anthropic', url, 'reasoning_mode = "auto"\n'));
  expect(seen.map(({ path }) => path)).toEqual(['/gateway/v1/messages', '/v1/messages']);
  const [high, auto] = seen.map(({ body }) => JSON.parse(body));
  expect(high).toMatchObject({ max_tokens: 777, output_config: { effort: 'high' } });
  expect(auto.output_config.effort).toBeUndefined();
});

test('an unknown provider or mode is an error of the file that says what there is', async ({ repo }) => {
  for (const [line, words] of [
    [
      'mode = "http"\napi = "openai"',
      'agents.gpt_pro.api: Invalid option: expected one of "openai-responses"',
    ],
    ['mode = "cli"\ncli = "qwen"', 'agents.gpt_pro.cli: Invalid option: expected one of "codex"'],
    ['mode = "auto"', 'agents.gpt_pro.mode: Invalid option'],
    ['modle = "x"', 'did you mean "mode"?'],
  ] as const)
    await expect(ask(repo, `[agents.gpt_pro]\n${line}\n`)).rejects.toThrow(words);
});

test('what docs/agents.md shows is a configuration', async ({ repo }) => {
  const blocks = [...readFileSync('docs/agents.md', 'utf8').matchAll(/```toml\n(.*?)```/gs)].map(
    ([, toml]) => toml,
  );
  const { workspace } = agentWorkspace(repo, blocks.join('\n'), { env: { GEMINI_API_KEY: AGENT_KEY } });
  const standings = await standingsOf(workspace, await loadSettings(workspace), new AbortController().signal);
  const runs = Object.fromEntries(standings.map(({ role, runs }) => [role, runs]));
  expect(runs).toMatchObject({ gemini: 'yes', gpt_pro: 'yes' });
  expect(standings.find(({ role }) => role === 'claude')?.why).toMatch(/^(?:claude could not start|~?\/)/);
});
