import { expect } from 'vitest';
import { AGENT_KEY, ANSWER, ask } from '../support/agents.js';
import { askFake, cliAnswers, cliToml, folderIsGone, printing } from '../support/fake-cli.js';
import { test } from '../support/workspace.js';

const HANG = 'setInterval(() => {}, 1000);';
const timeout = 'timeout = "2500ms"\n';
const codexFailed = (message: string) =>
  printing(`${JSON.stringify({ type: 'turn.failed', error: { message } })}\n`);
const claudeFailed = (over: object) =>
  printing(JSON.stringify({ ...JSON.parse(cliAnswers.claude('')), is_error: true, ...over }));
const geminiFailed = (message: string, code?: number) =>
  `fs.writeSync(2, ${JSON.stringify(`A warning {\n${JSON.stringify({ session_id: 'x', error: { type: 'Error', message, code } }, null, 2)}\n`)});`;

test('a program that is missing was not started', async ({ repo }) => {
  const { answer } = await ask(repo, cliToml('codex'));
  expect(answer.failure).toEqual({
    code: 'not_started',
    message:
      'codex could not start: there is no such program on the PATH. Install it, or choose another mode under [agents.gpt_pro].',
  });
});

test.for([
  ['codex', codexFailed('unexpected status 401 Unauthorized: bad'), 'auth'],
  ['codex', codexFailed('exceeded retry limit, last status: 429 Too Many Requests'), 'rate_limited'],
  ['codex', codexFailed("You've hit your usage limit."), 'rate_limited'],
  ['codex', codexFailed('We are currently experiencing high demand'), 'server'],
  ['codex', codexFailed('error sending request for url'), 'connection'],
  ['codex', 'fs.writeSync(2, "error: unexpected argument --ephemeral");', 'config'],
  ['claude', claudeFailed({ result: 'Not logged in · Please run /login' }), 'auth'],
  ['claude', claudeFailed({ api_error_status: 404, result: 'no such model' }), 'not_found'],
  ['claude', claudeFailed({ api_error_status: 529, result: 'Overloaded' }), 'server'],
  ['claude', claudeFailed({ api_error: 'max_output_tokens' }), 'too_large'],
  ['claude', claudeFailed({ stop_reason: 'refusal' }), 'refusal'],
  ['claude', claudeFailed({ result: 'API Error: Connection error.' }), 'connection'],
  ['claude', 'fs.writeSync(2, "error: unknown option --safe-mode");', 'config'],
  ['gemini', geminiFailed('x', 401), 'auth'],
  ['gemini', geminiFailed('x', 429), 'rate_limited'],
  ['gemini', geminiFailed('x', 500), 'server'],
  ['gemini', geminiFailed('Please set an Auth method', 41), 'auth'],
  ['gemini', geminiFailed('API key not valid. Please pass a valid API key.', 400), 'auth'],
  ['gemini', geminiFailed('fetch failed'), 'connection'],
] as const)('%s: %s is %s, without a word of the program', async ([cli, body, code], { repo }) => {
  const { answer, survivors } = await askFake(repo, cli, `${body} process.exitCode = 1;`);
  expect(answer).toMatchObject({ text: null, failure: { code } });
  expect(answer.attempts).toHaveLength(1);
  expect(survivors).toEqual([]);
});

test.for(['codex', 'claude', 'gemini'] as const)(
  '%s: an answer counts whatever the exit code',
  async (cli, { repo }) => {
    const { answer } = await askFake(repo, cli, `${printing(cliAnswers[cli](ANSWER))} process.exitCode = 3;`);
    expect(answer).toMatchObject({ text: ANSWER, failure: null });
  },
);

test.for([
  ['codex', 'nothing', ''],
  ['claude', 'nothing', ''],
  ['gemini', 'nothing', ''],
  ['claude', 'half of its JSON', printing(cliAnswers.claude(ANSWER).slice(0, 200))],
  [
    'codex',
    'a turn that never completed',
    printing(cliAnswers.codex(ANSWER).split('{"type":"turn.c')[0] ?? ''),
  ],
  ['gemini', 'prose', printing('Here is the plan.')],
] as const)('%s: exit 0 with %s is no answer', async ([cli, , body], { repo }) => {
  const { answer } = await askFake(repo, cli, body);
  expect(answer).toMatchObject({ text: null, failure: { code: 'malformed' } });
  expect(answer.failure?.message).toContain('exited with code 0 and gave no answer');
});

test.for([
  ['hangs', HANG],
  ['ignores SIGTERM', `process.on('SIGTERM', () => {}); ${HANG}`],
  ['exits 0 at SIGTERM', `process.on('SIGTERM', () => process.exit(0)); ${HANG}`],
  [
    'has a child that hangs',
    `require('node:child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); ${HANG}'], { stdio: 'inherit' }); ${HANG}`,
  ],
] as const)(
  'a program that %s is ended at its time with all of its processes',
  async ([, body], { repo }) => {
    const { answer, survivors, given } = await askFake(repo, 'gemini', body, { more: timeout });
    expect(answer).toMatchObject({ text: null, failure: { code: 'timeout' } });
    expect(survivors).toEqual([]);
    expect(folderIsGone(given())).toBe(true);
  },
);

test('a child that holds stdout does not hold up the answer, and is ended', async ({ repo }) => {
  const child = `require('node:child_process').spawn(process.execPath, ['-e', '${HANG}'], { stdio: 'inherit', detached: true }).unref();`;
  const { answer, survivors } = await askFake(
    repo,
    'claude',
    `${child} ${printing(cliAnswers.claude(ANSWER))}`,
  );
  expect(answer.text).toBe(ANSWER);
  expect(survivors).toEqual([]);
});

test('secrets that a program prints are hidden; its errors are not passed on', async ({ repo }) => {
  const leak = 'const key = process.env.GEMINI_API_KEY; fs.writeSync(2, key);';
  const text = `print(JSON.stringify({ response: JSON.stringify({ stage: key }), stats: { models: { [key]: { tokens: {} } } } }));`;
  const { answer } = await askFake(repo, 'gemini', `${leak} ${text}`);
  expect(answer.text).toBe('{"stage":"[redacted]"}');
  expect(JSON.stringify(answer)).not.toContain(AGENT_KEY);
});

test.for(['1', '2'])('1 GB on descriptor %s ends the program early', async (fd, { repo }) => {
  const flood = `const all = Buffer.alloc(1 << 20, 120); for (let i = 0; i < 1024; i++) fs.writeSync(${fd}, all);`;
  const { answer, survivors } = await askFake(repo, 'codex', flood);
  expect(answer).toMatchObject({ text: null, failure: { code: 'too_large' } });
  expect(survivors).toEqual([]);
});

test('cancelling ends the program', async ({ repo }) => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 300);
  const { answer, survivors } = await askFake(repo, 'claude', HANG, { signal: abort.signal });
  expect(answer).toMatchObject({ text: null, failure: { code: 'cancelled' } });
  expect(survivors).toEqual([]);
});
