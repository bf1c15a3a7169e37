import * as z from 'zod';
import { chatUsage } from '../../consensus/usage.js';
import { type Asked, finishBy, headerOf, Name, reported, settled, type WireFormat } from './wire.js';

const Message = z.object({
  content: z
    .union([z.string(), z.array(z.object({ text: z.string().optional() }))])
    .nullish()
    .catch(null),
  refusal: z.string().nullish().catch(null),
});

const Answer = z.object({
  id: Name,
  model: Name,
  choices: z.array(z.object({ message: Message, finish_reason: Name })).min(1),
  usage: z.unknown().optional(),
});

/** US dollars; OpenRouter says it. */
const Cost = z.object({ cost: z.number().min(0) });

const FINISHES = { stop: 'stop', length: 'length', content_filter: 'refusal' } as const;

export const chatCompletions: WireFormat = {
  api: 'chat-completions',
  baseUrl: 'https://api.openai.com/v1',
  keyEnv: 'OPENAI_API_KEY',
  path: basePath => `${basePath || '/v1'}/chat/completions`,
  keyHeader: ['authorization', 'Bearer '],
  headers: {},
  body: asked => ({
    model: asked.model,
    messages: [
      { role: 'system', content: systemOf(asked) },
      { role: 'user', content: asked.prompt },
    ],
    stream: false,
    // Servers that speak the format know the old name; OpenAI's reasoning models refuse it.
    [asked.own ? 'max_completion_tokens' : 'max_tokens']: asked.maxOutputTokens,
    ...responseFormat(asked),
  }),
  read(json, headers) {
    const parsed = Answer.safeParse(json);
    const choice = parsed.data?.choices[0];
    if (!parsed.success || choice === undefined) return undefined;
    const { id, model, usage } = parsed.data;
    const { content, refusal } = choice.message;
    return settled({
      text: typeof content === 'string' ? content : (content ?? []).map(({ text }) => text ?? '').join(''),
      finish: refusal ? 'refusal' : finishBy(FINISHES, choice.finish_reason),
      modelServed: model,
      requestId: headerOf(headers, 'x-request-id') ?? id,
      usage: reported(chatUsage, usage),
      costUsd: Cost.safeParse(usage).data?.cost ?? null,
    });
  },
};

/** A server that does not enforce the schema gets it in words. */
function systemOf({ system, schema, binding }: Asked): string {
  if (binding === 'schema') return system;
  return `${system}\n\nAnswer with one JSON object and nothing else. It has to satisfy this JSON Schema:\n${JSON.stringify(schema)}`;
}

function responseFormat({ binding, schema }: Asked): object {
  const formats = {
    schema: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
    object: { type: 'json_object' },
    none: undefined,
  } as const;
  const format = formats[binding];
  return format === undefined ? {} : { response_format: format };
}
