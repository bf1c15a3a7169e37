import { expect } from 'vitest';
import {
  AGENT_KEY,
  ANSWER,
  ANSWER_SCHEMA,
  APIS,
  ask,
  httpToml,
  providerAnswers,
  serveAnswer,
  serveProvider,
} from '../support/agents.js';
import { test } from '../support/workspace.js';

const served = {
  text: ANSWER,
  failure: null,
  modelRequested: 'stub-model',
  modelServed: 'stub-model-served',
};

test.for(APIS)('%s: an answer with its finish, served model, id and usage', async (api, { repo }) => {
  const { url, seen } = await serveAnswer(api, ANSWER);
  const { answer } = await ask(repo, httpToml(api, url));
  expect(answer).toMatchObject({ ...served, finish: 'stop', provider: `${api} ${new URL(url).host}` });
  expect(answer.requestId).toMatch(/^(?:resp_1|chatcmpl-1|msg_1|gem-1)$/);
  expect(answer.attempts).toHaveLength(1);
  expect(answer.attempts[0]).toMatchObject({
    failure: null,
    usage: { input: 1234, cachedInput: 1000, output: 210, reasoning: 64 },
  });
  expect(seen).toHaveLength(1);
});

test.for([
  ['openai-responses', '/v1/responses', 'authorization', `Bearer ${AGENT_KEY}`],
  ['chat-completions', '/v1/chat/completions', 'authorization', `Bearer ${AGENT_KEY}`],
  ['anthropic', '/v1/messages', 'x-api-key', AGENT_KEY],
  ['gemini', '/v1beta/models/stub-model:generateContent', 'x-goog-api-key', AGENT_KEY],
] as const)(
  '%s is asked at %s with the schema, the key in a header alone',
  async ([api, path, header, key], { repo }) => {
    const { url, seen } = await serveAnswer(api, ANSWER);
    await ask(repo, httpToml(api, url));
    const [request] = seen;
    expect(request?.path).toBe(path);
    expect(request?.headers).toMatchObject({ [header]: key, 'accept-encoding': 'identity' });
    expect(request?.body).toContain(JSON.stringify(ANSWER_SCHEMA));
    expect(request?.body).toContain('Plan it.');
    expect(`${request?.path}${request?.body}`).not.toContain(AGENT_KEY);
  },
);

test.for(APIS)('%s: fenced and prose are given on as they are, cut ones as cut', async (api, { repo }) => {
  for (const text of [`\`\`\`json\n${ANSWER}\n\`\`\``, `Sure! Here it is: ${ANSWER} Bye.`, '']) {
    const { url } = await serveAnswer(api, text);
    expect((await ask(repo, httpToml(api, url))).answer).toMatchObject({
      text,
      failure: null,
      finish: 'stop',
    });
  }
  const { url, seen } = await serveAnswer(api, ANSWER.slice(0, 9), true);
  const { answer } = await ask(repo, httpToml(api, url));
  expect(answer).toMatchObject({ text: ANSWER.slice(0, 9), failure: null, finish: 'length' });
  expect(seen).toHaveLength(1);
});

test.for([
  [401, 'auth', 1],
  [403, 'auth', 1],
  [404, 'not_found', 1],
  [400, 'config', 1],
  [413, 'too_large', 1],
  [429, 'rate_limited', 2],
  [500, 'server', 2],
  [503, 'server', 2],
  [529, 'server', 2],
] as const)('status %i is %s after %i calls, for every provider', async ([status, code, calls], { repo }) => {
  for (const api of APIS) {
    const { url, seen } = await serveProvider((_, response) =>
      response.writeHead(status).end(`{"error":{"message":"bad key ${AGENT_KEY}"}}`),
    );
    const { answer, waits } = await ask(repo, httpToml(api, url));
    expect(answer).toMatchObject({ text: null, failure: { code }, finish: 'unknown' });
    expect(answer.attempts.map(({ failure }) => failure?.code)).toEqual(Array(calls).fill(code));
    expect(seen).toHaveLength(calls);
    expect(waits).toEqual(Array(calls - 1).fill(1000));
    expect(JSON.stringify(answer)).not.toContain(AGENT_KEY);
  }
});

test.for([
  ['gemini', '{"error":{"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}', 'auth'],
  [
    'gemini',
    '{"error":{"message":"The input token count exceeds the maximum number of tokens"}}',
    'too_large',
  ],
  ['openai-responses', '{"error":{"code":"context_length_exceeded"}}', 'too_large'],
  ['anthropic', '{"error":{"message":"prompt is too long: 201000 tokens"}}', 'too_large'],
  ['anthropic', '{"error":{"message":"temperature: unexpected"}}', 'config'],
] as const)('%s: 400 with %s is %s', async ([api, body, code], { repo }) => {
  const { url, seen } = await serveProvider((_, response) => response.writeHead(400).end(body));
  const { answer } = await ask(repo, httpToml(api, url));
  expect(answer.failure?.code).toBe(code);
  expect(seen).toHaveLength(1);
});

test('what passes is answered at the second try, and both are kept', async ({ repo }) => {
  const { url } = await serveProvider((call, response) => {
    if (call === 1) response.writeHead(500).end();
    else response.end(JSON.stringify(providerAnswers['openai-responses'](ANSWER)));
  });
  const { answer } = await ask(repo, httpToml('openai-responses', url));
  expect(answer).toMatchObject(served);
  expect(answer.attempts.map(({ failure, usage }) => [failure?.code, usage?.output])).toEqual([
    ['server', undefined],
    [undefined, 210],
  ]);
});

test.for([
  ['3', [3000], 2],
  ['0', [0], 2],
  ['Sun, 22 Nov 2026 10:00:07 GMT', [7000], 2],
  ['300', [], 1],
  ['soon', [1000], 2],
  ['-5', [1000], 2],
] as const)('Retry-After: %s waits %j', async ([header, expected, calls], { repo }) => {
  const { url, seen } = await serveProvider((_, response) =>
    response.writeHead(429, { 'retry-after': header }).end(),
  );
  const { answer, waits } = await ask(repo, httpToml('anthropic', url));
  expect(waits).toEqual(expected);
  expect(seen).toHaveLength(calls);
  expect(answer.failure?.code).toBe('rate_limited');
});

test.for([
  ['openai-responses', { output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }] }],
  ['chat-completions', { choices: [{ message: { content: null, refusal: 'No.' }, finish_reason: 'stop' }] }],
  ['anthropic', { stop_reason: 'refusal' }],
  ['gemini', { candidates: [], promptFeedback: { blockReason: 'SAFETY' } }],
  ['gemini', { candidates: [{ finishReason: 'SAFETY' }] }],
] as const)('%s: a refusal is one, with what it cost', async ([api, over], { repo }) => {
  const { url, seen } = await serveProvider((_, response) =>
    response.end(JSON.stringify({ ...providerAnswers[api](ANSWER), ...over })),
  );
  const { answer } = await ask(repo, httpToml(api, url));
  expect(answer).toMatchObject({ text: null, finish: 'refusal', failure: { code: 'refusal' } });
  expect(answer.attempts[0]?.usage?.output).toBe(210);
  expect(seen).toHaveLength(1);
});

test('usage that a server leaves out or makes up is unknown, never 0', async ({ repo }) => {
  for (const usage of [undefined, null, 7, { prompt_tokens: -1, completion_tokens: '9' }]) {
    const { url } = await serveProvider((_, response) =>
      response.end(JSON.stringify({ ...providerAnswers['chat-completions'](ANSWER), usage, model: 7 })),
    );
    const { answer } = await ask(repo, httpToml('chat-completions', url));
    expect(answer).toMatchObject({ text: ANSWER, modelServed: null, reportedCostUsd: null });
    expect(answer.attempts[0]?.usage?.input ?? null).toBeNull();
    expect(answer.attempts[0]?.usage?.output ?? null).toBeNull();
  }
});

test('a server that knows no schema is asked with less, the schema in words; each call is kept', async ({
  repo,
}) => {
  const { url, seen } = await serveProvider((call, response) => {
    if (call < 3) response.writeHead(400).end('{"error":"response_format is not supported"}');
    else response.end(JSON.stringify(providerAnswers['chat-completions'](ANSWER)));
  });
  const { answer } = await ask(repo, httpToml('chat-completions', url));
  expect(answer).toMatchObject(served);
  expect(answer.attempts.map(({ failure }) => failure?.code)).toEqual(['config', 'config', undefined]);
  const formats = seen.map(({ body }) => JSON.parse(body).response_format?.type);
  expect(formats).toEqual(['json_schema', 'json_object', undefined]);
  expect(JSON.parse(seen[2]?.body ?? '').messages[0].content).toContain(JSON.stringify(ANSWER_SCHEMA));
});

test.for([
  ['one call', [200], 0.0125],
  ['a call that was refused and another', [429, 200], 0.0125],
  ['a call that broke off and another', [0, 200], null],
  ['calls that were refused', [500, 500], null],
] as const)('what OpenRouter says that it cost: %s', async ([, statuses, cost], { repo }) => {
  const answered = providerAnswers['chat-completions'](ANSWER);
  const { url } = await serveProvider((call, response) => {
    const status = statuses[call - 1] ?? 200;
    if (status === 0) response.destroy();
    else
      response
        .writeHead(status)
        .end(JSON.stringify({ ...answered, usage: { ...answered.usage, cost: 0.0125 } }));
  });
  const { answer } = await ask(repo, httpToml('chat-completions', url));
  expect(answer.attempts).toHaveLength(statuses.length);
  expect(answer.reportedCostUsd).toBe(cost);
});

test('a secret that a model repeats is hidden', async ({ repo }) => {
  const { url } = await serveAnswer('anthropic', `{"stage":"${AGENT_KEY}"}`);
  const { answer } = await ask(repo, httpToml('anthropic', url));
  expect(answer.text).toBe('{"stage":"[redacted]"}');
});

test('cancelling ends the request at once, and nothing is tried again', async ({ repo }) => {
  const abort = new AbortController();
  let closed: (() => void) | undefined;
  const gone = new Promise<void>(resolve => {
    closed = resolve;
  });
  const { url, seen } = await serveProvider((_, response) => {
    response.on('close', () => closed?.());
    abort.abort();
  });
  const { answer } = await ask(repo, httpToml('gemini', url), { signal: abort.signal });
  await gone;
  expect(answer.failure?.code).toBe('cancelled');
  expect(seen).toHaveLength(1);
});
