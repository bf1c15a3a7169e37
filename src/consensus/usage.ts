import * as z from 'zod';
import type { Usage } from '../agents/agent.js';

/** Tokens; anything that is no whole number of them counts as not reported. */
const Tokens = z.int().min(0).nullable().catch(null).default(null);
const details = (name: string) =>
  z
    .object({ [name]: Tokens })
    .catch({ [name]: null })
    .default({ [name]: null });

const OpenAi = z.object({
  input_tokens: Tokens,
  cached_input_tokens: Tokens,
  cache_write_input_tokens: Tokens,
  output_tokens: Tokens,
  reasoning_output_tokens: Tokens,
  input_tokens_details: z
    .object({ cached_tokens: Tokens, cache_write_tokens: Tokens })
    .catch({ cached_tokens: null, cache_write_tokens: null })
    .prefault({}),
  output_tokens_details: details('reasoning_tokens'),
});

const Anthropic = z.object({
  input_tokens: Tokens,
  cache_read_input_tokens: Tokens,
  cache_creation_input_tokens: Tokens,
  output_tokens: Tokens,
  output_tokens_details: details('thinking_tokens'),
});

const Gemini = z.object({
  promptTokenCount: Tokens,
  prompt: Tokens,
  cachedContentTokenCount: Tokens,
  cached: Tokens,
  candidatesTokenCount: Tokens,
  candidates: Tokens,
  thoughtsTokenCount: Tokens,
  thoughts: Tokens,
});

const ChatCompletions = z.object({
  prompt_tokens: Tokens,
  completion_tokens: Tokens,
  prompt_tokens_details: details('cached_tokens'),
  completion_tokens_details: details('reasoning_tokens'),
});

export const NO_USAGE: Usage = {
  input: null,
  cachedInput: null,
  cacheWrite: null,
  output: null,
  reasoning: null,
};

/** `usage` of the OpenAI Responses API, or of `turn.completed` of the Codex CLI. */
export function openAiUsage(raw: unknown): Usage {
  const usage = OpenAi.safeParse(raw).data;
  if (usage === undefined) return NO_USAGE;
  return {
    input: usage.input_tokens,
    cachedInput: usage.cached_input_tokens ?? usage.input_tokens_details.cached_tokens,
    cacheWrite: usage.cache_write_input_tokens ?? usage.input_tokens_details.cache_write_tokens,
    output: usage.output_tokens,
    reasoning: usage.reasoning_output_tokens ?? usage.output_tokens_details['reasoning_tokens'] ?? null,
  };
}

/** `usage` of Anthropic Messages, or of the Claude Code CLI, whose `input_tokens` leaves out what the cache read or wrote. */
export function anthropicUsage(raw: unknown): Usage {
  const usage = Anthropic.safeParse(raw).data;
  if (usage === undefined) return NO_USAGE;
  const { cache_read_input_tokens: read, cache_creation_input_tokens: written } = usage;
  return {
    input: usage.input_tokens === null ? null : usage.input_tokens + (read ?? 0) + (written ?? 0),
    cachedInput: read,
    cacheWrite: written,
    output: usage.output_tokens,
    reasoning: usage.output_tokens_details['thinking_tokens'] ?? null,
  };
}

/** `usageMetadata` of the Gemini API, or `stats.models[served].tokens` of the Gemini CLI. Neither bills for writing the cache. */
export function geminiUsage(raw: unknown): Usage {
  const usage = Gemini.safeParse(raw).data;
  if (usage === undefined) return NO_USAGE;
  const candidates = usage.candidatesTokenCount ?? usage.candidates;
  const thoughts = usage.thoughtsTokenCount ?? usage.thoughts;
  const input = usage.promptTokenCount ?? usage.prompt;
  return {
    input,
    cachedInput: usage.cachedContentTokenCount ?? usage.cached,
    cacheWrite: input === null ? null : 0,
    output: candidates === null ? null : candidates + (thoughts ?? 0),
    reasoning: thoughts,
  };
}

/** `usage` of a chat-completions endpoint. */
export function chatUsage(raw: unknown): Usage {
  const usage = ChatCompletions.safeParse(raw).data;
  if (usage === undefined) return NO_USAGE;
  return {
    input: usage.prompt_tokens,
    cachedInput: usage.prompt_tokens_details['cached_tokens'] ?? null,
    cacheWrite: null,
    output: usage.completion_tokens,
    reasoning: usage.completion_tokens_details['reasoning_tokens'] ?? null,
  };
}

/** All attempts together; a part that one of them did not report is not known for the sum either. */
export function sumUsage(parts: readonly (Usage | null)[]): Usage {
  const sum = (pick: (usage: Usage) => number | null) =>
    parts.reduce<number | null>(
      (total, part) => {
        const value = part === null ? null : pick(part);
        return total === null || value === null ? null : total + value;
      },
      parts.length === 0 ? null : 0,
    );
  return {
    input: sum(part => part.input),
    cachedInput: sum(part => part.cachedInput),
    cacheWrite: sum(part => part.cacheWrite),
    output: sum(part => part.output),
    reasoning: sum(part => part.reasoning),
  };
}
