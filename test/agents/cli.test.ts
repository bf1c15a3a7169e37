import { expect } from 'vitest';
import { AGENT_KEY, ANSWER, ANSWER_SCHEMA, ask } from '../support/agents.js';
import {
  askFake,
  type CliName,
  cliAnswers,
  cliToml,
  fakeCli,
  folderIsGone,
  printing,
} from '../support/fake-cli.js';
import { test } from '../support/workspace.js';

const CLIS = ['codex', 'claude', 'gemini'] as const;
const answering = (cli: CliName, text = ANSWER) => printing(cliAnswers[cli](text));

test.for(CLIS)('%s: an answer with its id and usage; of the run nothing is left', async (cli, { repo }) => {
  const { answer, survivors, given } = await askFake(repo, cli, answering(cli));
  expect(answer).toMatchObject({
    text: ANSWER,
    failure: null,
    provider: `cli ${cli}`,
    modelRequested: 'stub-model',
    modelServed: cli === 'codex' ? null : 'stub-model-served',
    requestId: 'id-1',
    reportedCostUsd: cli === 'claude' ? 0.002768 : null,
  });
  expect(answer.attempts).toHaveLength(1);
  expect(answer.attempts[0]?.usage).toMatchObject({
    input: 1234,
    cachedInput: 1000,
    output: 210,
    reasoning: 64,
  });
  expect(survivors).toEqual([]);
  expect(folderIsGone(given())).toBe(true);
});

test.for(CLIS)(
  '%s runs in a folder of its own with the prompt on stdin and no other variables',
  async (cli, { repo }) => {
    const env = { OTHER_API_KEY: 'canary-of-another-program', AWS_PROFILE: 'prod' };
    const more = cli === 'gemini' ? '' : 'key_env = "MODEL_API_KEY"\n';
    const { given } = await askFake(repo, cli, answering(cli), { env, more });
    const { argv, cwd, mode, stdin, env: seen, files } = given();
    expect(stdin).toBe('Plan it.');
    expect(mode).toBe(0o700);
    expect(cwd.startsWith(repo.root)).toBe(false);
    expect(files['system.md']).toBe('You plan.');
    expect(`${argv.join(' ')}${Object.values(files).join(' ')}`).not.toContain(AGENT_KEY);
    expect(argv.join(' ')).not.toContain('Plan it.');
    const keys = Object.entries(seen).filter(([, value]) => value.includes('canary'));
    expect(keys).toEqual([
      [`${{ codex: 'CODEX', claude: 'ANTHROPIC', gemini: 'GEMINI' }[cli]}_API_KEY`, AGENT_KEY],
    ]);
    expect(seen).toMatchObject({ TMPDIR: cwd });
    expect(seen['AWS_PROFILE']).toBeUndefined();
  },
);

test('codex gets no tools, no servers, no session and the schema in a file', async ({ repo }) => {
  const more = 'reasoning_mode = "high"\n';
  const { given } = await askFake(repo, 'codex', answering('codex'), { more });
  const { argv, files } = given();
  const line = argv.join(' ');
  for (const flags of [
    'exec --json --ephemeral --ignore-user-config --ignore-rules',
    '-s read-only',
    '-m stub-model',
  ])
    expect(line).toContain(flags);
  for (const feature of ['shell_tool', 'unified_exec', 'plugins', 'apps', 'hooks', 'multi_agent'])
    expect(line).toContain(`--disable ${feature}`);
  expect(line).toContain('model_reasoning_effort="high"');
  expect(line).not.toContain('model_provider');
  expect(JSON.parse(files['schema.json'] ?? '')).toEqual(ANSWER_SCHEMA);
});

test('claude gets no tools, no servers, no session; with a key nothing of the person, else the login', async ({
  repo,
}) => {
  const login = await askFake(repo, 'claude', answering('claude'));
  const key = await askFake(repo, 'claude', answering('claude'), { more: 'key_env = "MODEL_API_KEY"\n' });
  for (const { given } of [login, key]) {
    const line = given().argv.join(' ');
    for (const flags of [
      '-p --output-format json',
      '--tools  ',
      '--strict-mcp-config',
      '--no-session-persistence',
    ])
      expect(line).toContain(flags);
  }
  expect(login.given().argv).toContain('--safe-mode');
  expect(key.given().argv).toContain('--bare');
  expect(login.given().env['ANTHROPIC_API_KEY']).toBeUndefined();
});

test('claude: what the schema was enforced on comes before what was said', async ({ repo }) => {
  const result = {
    ...JSON.parse(cliAnswers.claude('Here you are.')),
    structured_output: { stage: 'spec-plan' },
  };
  const { answer } = await askFake(repo, 'claude', printing(JSON.stringify(result)));
  expect(answer).toMatchObject({ text: ANSWER, finish: 'stop' });
});

test('claude: a price that it made up is not passed on', async ({ repo }) => {
  const result = JSON.parse(cliAnswers.claude(ANSWER));
  result.modelUsage['stub-model-served'].costBasis = 'unknown';
  const { answer } = await askFake(repo, 'claude', printing(JSON.stringify(result)));
  expect(answer).toMatchObject({ text: ANSWER, reportedCostUsd: null });
});

test.for([
  ['no cli', '[agents.gpt_pro]\nmode = "cli"\n', 'Add cli = "codex", "claude" or "gemini"'],
  [
    'a model that is an option',
    cliToml('codex').replace('stub-model', '--yolo'),
    'Set model to its exact id',
  ],
  [
    'gemini without a key',
    cliToml('gemini').replace(/key_env.*\n/, ''),
    'gemini has no key that it could use',
  ],
  [
    'another address without its key',
    cliToml('claude', 'base_url = "https://models.example.com"\n'),
    'no key that it could use at models.example.com',
  ],
  ['an address in the clear', cliToml('codex', 'base_url = "http://10.0.0.1"\n'), 'Use https'],
] as const)('%s is a failure that names the fix; nothing is started', async ([, toml, words], { repo }) => {
  const { bin } = fakeCli('codex', '');
  const { answer } = await ask(repo, toml, { bin });
  expect(answer).toMatchObject({ text: null, attempts: [], failure: { code: 'config' } });
  expect(answer.failure?.message).toContain(words);
});

test('codex asks a server of this machine without a key, with nothing of the person', async ({ repo }) => {
  const more = 'base_url = "http://127.0.0.1:11434"\n';
  const { answer, given } = await askFake(repo, 'codex', answering('codex'), { more });
  expect(answer.text).toBe(ANSWER);
  const { argv, env, cwd } = given();
  expect(argv).toContain('model_providers.spec_kit.base_url="http://127.0.0.1:11434/v1"');
  expect(argv.join(' ')).not.toContain('env_key');
  expect(env['CODEX_HOME']).toBe(`${cwd}/home`);
});

test('a program is not started before a person trusted the file', async ({ repo }) => {
  const { answer, given } = await askFake(repo, 'codex', answering('codex'), { trusted: false });
  expect(answer.failure?.message).toMatch(/^untrusted/);
  expect(given).toThrow('ENOENT');
});

test('codex: a prompt that is longer than it takes is not sent', async ({ repo }) => {
  const prompt = 'x'.repeat(1_048_577);
  const { answer } = await askFake(repo, 'codex', answering('codex'), { prompt });
  expect(answer).toMatchObject({ attempts: [], failure: { code: 'too_large' } });
  const { answer: other, given } = await askFake(repo, 'claude', answering('claude'), { prompt });
  expect(other.text).toBe(ANSWER);
  expect(given().stdin).toHaveLength(prompt.length);
});
