import { createHash } from 'node:crypto';
import path from 'node:path';
import { expect } from 'vitest';
import { AGENT_KEY, httpToml, providerAnswers, type Seen, serveProvider } from '../support/agents.js';
import { runCli } from '../support/cli.js';
import { cliAnswers, cliToml, fakeCli } from '../support/fake-cli.js';
import { closedPort } from '../support/hal.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

function run(
  repo: Repository,
  toml: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  repo.write('spec-kit.toml', toml);
  const trust = createHash('sha256').update(toml).digest('hex');
  return runCli(repo.root, ['agents', ...args], { SPEC_KIT_TRUST: trust, MODEL_API_KEY: AGENT_KEY, ...env });
}

async function standings(...asked: Parameters<typeof run>) {
  const { stdout, exitCode } = await run(...asked);
  expect(exitCode).toBe(0);
  expect(stdout).not.toContain(AGENT_KEY);
  const agents: { role: string; runs: string; why: string }[] = JSON.parse(stdout).agents;
  return Object.fromEntries(agents.map(({ role, ...rest }) => [role, rest]));
}

test('without a setting every role is played by the calling agent, whatever keys there are', async ({
  repo,
}) => {
  const env = { OPENAI_API_KEY: AGENT_KEY, GEMINI_API_KEY: AGENT_KEY };
  const { stdout, exitCode } = await run(repo, '', ['list'], env);
  expect(exitCode).toBe(0);
  expect(stdout.match(/runs: client$/gm)).toHaveLength(4);
  expect(stdout).toContain('Nobody but the calling agent is asked.');
  expect(stdout).not.toContain(AGENT_KEY);
});

test('list says of each role why it would or would not run', async ({ repo }) => {
  const toml = [
    httpToml('openai-responses', 'http://127.0.0.1:1').replace('gpt_pro', 'gemini'),
    '[agents.claude]\nmode = "http"\napi = "anthropic"\nmodel = "m"\n',
    cliToml('gemini'),
    '[agents.gpt_codex]\nmode = "http"\napi = "chat-completions"\nmodel = "m"\nbase_url = "http://localhost:11434"\n',
  ].join('');
  expect(await standings(repo, toml, ['list', '--json'], { PATH: '/nowhere' })).toMatchObject({
    gemini: { provider: 'openai-responses 127.0.0.1:1', runs: 'yes', why: 'Its key is in MODEL_API_KEY.' },
    claude: { runs: 'no', why: expect.stringContaining('There is no key for api.anthropic.com.') },
    gpt_pro: { runs: 'no', why: expect.stringContaining('no such program on the PATH') },
    gpt_codex: { runs: 'yes', why: 'localhost:11434 is this machine, and is asked without a key.' },
  });
});

test('list says that nobody trusted the file, and starts nothing', async ({ repo }) => {
  const { bin, given } = fakeCli('codex', '');
  const env = { SPEC_KIT_TRUST: '', PATH: bin };
  const { gpt_pro } = await standings(repo, cliToml('codex'), ['list', '--json'], env);
  expect(gpt_pro).toMatchObject({
    runs: 'no',
    why: expect.stringMatching(/^untrusted: .*spec-kit-mcp trust/),
  });
  expect(given).toThrow('ENOENT');
});

test.for([
  ['codex', 'process.exit(0);', 'yes', 'logged in'],
  ['codex', 'process.exit(1);', 'no', 'not logged in'],
  ['claude', 'print(JSON.stringify({ loggedIn: true }));', 'yes', 'logged in'],
  ['claude', 'print(JSON.stringify({ loggedIn: false }));', 'no', 'not logged in'],
  ['claude', 'setInterval(() => {}, 1000);', 'unknown', 'could not be told in time'],
] as const)('list asks %s about its login: %s', async ([cli, body, runs, words], { repo }) => {
  const { bin, given } = fakeCli(cli, body);
  const env = { PATH: bin };
  const { gpt_pro } = await standings(repo, cliToml(cli), ['list', '--json'], env);
  expect(gpt_pro).toMatchObject({ runs, why: expect.stringContaining(words) });
  expect(given().argv).toEqual(cli === 'codex' ? ['login', 'status'] : ['auth', 'status']);
});

/** The word that a question asks for. */
const wordIn = (asked: Seen | undefined) =>
  /\\"word\\": \\"([0-9a-f]{8})\\"/.exec(asked?.body ?? '')?.[1] ?? '';

test('test sends one tiny question after it showed what that may cost', async ({ repo }) => {
  const { url, seen } = await serveProvider((_, response) =>
    response.end(
      JSON.stringify(providerAnswers['openai-responses'](JSON.stringify({ word: wordIn(seen[0]) }))),
    ),
  );
  const toml = `${httpToml('openai-responses', url)}[prices.stub-model]\ninput = 1.25\noutput = 10\n`;
  const { stdout, stderr, exitCode } = await run(repo, toml, ['test', 'gpt_pro']);
  expect(stderr).toMatch(/^gpt_pro: about \d+ tokens in, at most 2000 out; at most 0\.0201 USD\. Asking\./);
  expect(stdout).toMatch(
    /^passed {3}gpt_pro: openai-responses .*, stub-model, served by stub-model-served\n/,
  );
  expect(exitCode).toBe(0);
  expect(seen).toHaveLength(1);
  expect(seen[0]?.body.length).toBeLessThan(800);
});

test('test of a program', async ({ repo }) => {
  const answer = cliAnswers.claude('WORD');
  const { bin } = fakeCli(
    'claude',
    `print(${JSON.stringify(answer)}.replace('WORD', given.stdin.match(/{.*}/)[0].replaceAll('"', '\\\\"')));`,
  );
  const { stdout, exitCode } = await run(repo, cliToml('claude'), ['test', 'gpt_pro'], {
    PATH: bin,
  });
  expect(stdout).toContain('passed   gpt_pro: cli claude');
  expect(exitCode).toBe(0);
});

test.for([
  [401, '', 4, 'auth after'],
  [429, '', 3, 'rate_limited after'],
  [200, 'Sure!', 1, 'not with the one JSON object'],
  [200, '{"word":"another"}', 1, 'not with the one JSON object'],
] as const)('test of one that answers %i %s ends with %i', async ([status, text, code, words], { repo }) => {
  const { url } = await serveProvider((_, response) =>
    response
      .writeHead(status, { 'retry-after': '0' })
      .end(status === 200 ? JSON.stringify(providerAnswers.anthropic(text)) : ''),
  );
  const { stdout, stderr, exitCode } = await run(repo, httpToml('anthropic', url), ['test', 'gpt_pro']);
  expect(stdout).toContain(words);
  expect(exitCode).toBe(code);
  expect(stdout + stderr).not.toContain(AGENT_KEY);
});

test('test of an agent that is not asked, of no role, and of one that nobody trusted', async ({ repo }) => {
  expect(await run(repo, '', ['test', 'claude'])).toMatchObject({
    exitCode: 4,
    stdout: expect.stringContaining('mode "client"'),
  });
  expect(await run(repo, '', ['test', 'gpt'])).toMatchObject({
    exitCode: 4,
    stderr: expect.stringContaining('gemini, claude, gpt_pro, gpt_codex; not "gpt"'),
  });
  const toml = httpToml('gemini', `http://127.0.0.1:${await closedPort()}`);
  expect(await run(repo, toml, ['test', 'gpt_pro'], { SPEC_KIT_TRUST: '' })).toMatchObject({
    exitCode: 4,
    stdout: expect.stringContaining('untrusted'),
  });
});

test('trust shows where prompts go and with which key', async ({ repo }) => {
  repo.write('spec-kit.toml', httpToml('gemini', 'https://models.example.com'));
  const { stdout } = await runCli(repo.root, ['trust', '--show'], { HOME: path.join(repo.root, '.git') });
  expect(stdout).toContain(
    'prompts of gpt_pro: {"mode":"http","api":"gemini","base_url":"https://models.example.com"',
  );
  expect(stdout).toContain('"key_env":"MODEL_API_KEY"');
});
