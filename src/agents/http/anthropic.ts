import * as z from 'zod';
import { anthropicUsage } from '../../consensus/usage.js';
import { effortOf, finishBy, headerOf, Name, reported, settled, type WireFormat } from './wire.js';

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];

const Answer = z.object({
  id: Name,
  type: z.literal('message'),
  model: Name,
  stop_reason: Name,
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  usage: z.unknown().optional(),
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
      usage: reported(anthropicUsage, usage),
      costUsd: null,
    });
  },
};
