import { expect, test } from 'vitest';
import {
  anthropicUsage,
  chatUsage,
  geminiUsage,
  NO_USAGE,
  openAiUsage,
  sumUsage,
} from '../../src/consensus/usage.js';

test('the Responses API and the Codex CLI say the same thing in two ways', () => {
  const wanted = { input: 1234, cachedInput: 1000, cacheWrite: 3, output: 210, reasoning: 64 };
  expect(
    openAiUsage({
      input_tokens: 1234,
      input_tokens_details: { cached_tokens: 1000, cache_write_tokens: 3 },
      output_tokens: 210,
      output_tokens_details: { reasoning_tokens: 64 },
    }),
  ).toEqual(wanted);
  expect(
    openAiUsage({
      input_tokens: 1234,
      cached_input_tokens: 1000,
      cache_write_input_tokens: 3,
      output_tokens: 210,
      reasoning_output_tokens: 64,
    }),
  ).toEqual(wanted);
});

test('input of Anthropic leaves out the cache and is made whole', () => {
  expect(
    anthropicUsage({
      input_tokens: 234,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 10,
      output_tokens: 210,
      output_tokens_details: { thinking_tokens: 5 },
    }),
  ).toEqual({ input: 1244, cachedInput: 1000, cacheWrite: 10, output: 210, reasoning: 5 });
  expect(anthropicUsage({ input_tokens: 234, output_tokens: 1 })).toMatchObject({
    input: 234,
    cachedInput: null,
  });
  expect(anthropicUsage({ cache_read_input_tokens: 10 }).input).toBeNull();
});

test('output of Gemini counts the thoughts, in the API and in the CLI', () => {
  const wanted = { input: 1234, cachedInput: 1000, cacheWrite: 0, output: 210, reasoning: 64 };
  expect(
    geminiUsage({
      promptTokenCount: 1234,
      cachedContentTokenCount: 1000,
      candidatesTokenCount: 146,
      thoughtsTokenCount: 64,
    }),
  ).toEqual(wanted);
  expect(
    geminiUsage({
      input: 234,
      prompt: 1234,
      candidates: 146,
      total: 1444,
      cached: 1000,
      thoughts: 64,
      tool: 0,
    }),
  ).toEqual(wanted);
  expect(geminiUsage({ candidatesTokenCount: 146 })).toMatchObject({
    output: 146,
    reasoning: null,
    cacheWrite: null,
  });
  expect(geminiUsage({ thoughtsTokenCount: 64 }).output).toBeNull();
});

test('chat completions report no cache writes', () => {
  expect(
    chatUsage({
      prompt_tokens: 10,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens: 7,
      completion_tokens_details: { reasoning_tokens: 2 },
    }),
  ).toEqual({ input: 10, cachedInput: 4, cacheWrite: null, output: 7, reasoning: 2 });
  expect(chatUsage({ prompt_tokens: 10, completion_tokens: 7 })).toMatchObject({
    cachedInput: null,
    reasoning: null,
  });
});

test.for([undefined, null, 'x', 7, [], {}])('%j is no usage: all of it is unknown, none of it 0', raw => {
  for (const read of [openAiUsage, anthropicUsage, geminiUsage, chatUsage])
    expect(read(raw)).toEqual(NO_USAGE);
});

test.for([-1, 1.5, '7', Number.NaN, {}])('%j is no number of tokens', wrong => {
  expect(openAiUsage({ input_tokens: wrong, output_tokens: 7, input_tokens_details: wrong })).toEqual({
    ...NO_USAGE,
    output: 7,
  });
});

test('a sum with an unknown part is unknown', () => {
  const known = { input: 1, cachedInput: 2, cacheWrite: 3, output: 4, reasoning: 5 };
  expect(sumUsage([known, known])).toEqual({
    input: 2,
    cachedInput: 4,
    cacheWrite: 6,
    output: 8,
    reasoning: 10,
  });
  expect(sumUsage([known, { ...known, reasoning: null }])).toMatchObject({ output: 8, reasoning: null });
  expect(sumUsage([known, null])).toEqual(NO_USAGE);
  expect(sumUsage([])).toEqual(NO_USAGE);
});
