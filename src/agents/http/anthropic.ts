import * as z from 'zod';
import type { Usage } from '../agent.js';
import { Count, effortOf, finishBy, headerOf, Name, settled, sum, type WireFormat } from './wire.js';

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];

export const AnthropicUsage = z
  .object({
    input_tokens: Count,
    cache_read_input_tokens: Count,
    cache_creation_input_tokens: Count,
    output_tokens: Count,
    output_tokens_details: z.object({ thinking_tokens: Count }).nullish().catch(null),
  })
  .nullish()
  .catch(null);

const Answer = z.object({
  id: Name,
  type: z.literal('message'),
  model: Name,
  stop_reason: Name,
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  usage: AnthropicUsage,
});

const FINISHES = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'refusal',
} as const;

export const anthropic: WireFormat = {
  api: 'anthropic',
  baseUrl: 'https://api.anthropic.com',
  keyEnv: 'ANTHROPIC_API_KEY',
  path: basePath => `${/\/v\d+$/.test(basePath) ? basePath : `${basePath}/v1`}/messages`,
  keyHeader: ['x-api-key', ''],
  headers: { 'anthropic-version': '2023-06-01' },
  body(asked) {
    const effort = effortOf(asked, EFFORTS);
    return {
      model: asked.model,
      max_tokens: asked.maxOutputTokens,
      system: asked.system,
      messages: [{ role: 'user', content: asked.prompt }],
      output_config: {
        format: { type: 'json_schema', schema: asked.schema },
        ...(effort === undefined ? {} : { effort }),
      },
    };
  },
  read(json, headers) {
    const parsed = Answer.safeParse(json);
    if (!parsed.success) return undefined;
    const { id, model, content, stop_reason, usage } = parsed.data;
    return settled({
      text: content.map(({ type, text }) => (type === 'text' ? (text ?? '') : '')).join(''),
      finish: finishBy(FINISHES, stop_reason),
      modelServed: model,
      requestId: headerOf(headers, 'request-id') ?? id,
      usage: anthropicUsage(usage),
      costUsd: null,
    });
  },
};

/** Anthropic counts what it read from the cache beside the input, not in it. */
export function anthropicUsage(usage: z.output<typeof AnthropicUsage>): Usage | null {
  if (usage === null || usage === undefined) return null;
  const cachedInput = usage.cache_read_input_tokens;
  const cacheWrite = usage.cache_creation_input_tokens;
  return {
    input: sum(usage.input_tokens, cachedInput ?? 0, cacheWrite ?? 0),
    cachedInput,
    cacheWrite,
    output: usage.output_tokens,
    reasoning: usage.output_tokens_details?.thinking_tokens ?? null,
  };
}
