import * as z from 'zod';
import { openAiUsage } from '../../consensus/usage.js';
import type { AgentFailure } from '../agent.js';
import { effortOf, headerOf, Name, reported, settled, type WireFormat } from './wire.js';

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

const Part = z.object({ type: z.string(), text: z.string().optional() });

const Answer = z.object({
  id: Name,
  model: Name,
  status: Name,
  incomplete_details: z.object({ reason: Name }).nullish().catch(null),
  error: z.object({ code: Name }).nullish().catch(null),
  output: z.array(z.object({ type: z.string(), content: z.array(Part).nullish().catch(null) })),
  usage: z.unknown().optional(),
});
type Answer = z.output<typeof Answer>;

export const openaiResponses: WireFormat = {
  api: 'openai-responses',
  baseUrl: 'https://api.openai.com/v1',
  keyEnv: 'OPENAI_API_KEY',
  path: basePath => `${basePath || '/v1'}/responses`,
  keyHeader: ['authorization', 'Bearer '],
  headers: {},
  body(asked) {
    const effort = effortOf(asked, EFFORTS);
    return {
      model: asked.model,
      instructions: asked.system,
      input: asked.prompt,
      store: false,
      max_output_tokens: asked.maxOutputTokens,
      ...(effort === undefined ? {} : { reasoning: { effort } }),
      text: { format: { type: 'json_schema', name: 'answer', strict: true, schema: asked.schema } },
    };
  },
  read(json, headers) {
    const parsed = Answer.safeParse(json);
    if (!parsed.success) return undefined;
    const { id, model, output, status } = parsed.data;
    const parts = output.filter(({ type }) => type === 'message').flatMap(({ content }) => content ?? []);
    const text = parts.map(part => (part.type === 'output_text' ? (part.text ?? '') : '')).join('');
    const reply = settled({
      text,
      finish: parts.some(({ type }) => type === 'refusal') ? 'refusal' : finishOf(parsed.data),
      modelServed: model,
      requestId: headerOf(headers, 'x-request-id') ?? id,
      usage: reported(openAiUsage, parsed.data.usage),
      costUsd: null,
    });
    return status === 'failed' ? { ...reply, text: null, failure: failureOf(parsed.data) } : reply;
  },
};

function failureOf({ error }: Answer): AgentFailure {
  return error?.code === 'rate_limit_exceeded'
    ? { code: 'rate_limited', message: 'The provider ended the answer at its rate limit. Try again later.' }
    : { code: 'server', message: 'The provider failed while it answered. Try again later.' };
}

function finishOf({ status, incomplete_details }: Answer) {
  if (status === 'completed') return 'stop';
  if (status !== 'incomplete') return 'unknown';
  return incomplete_details?.reason === 'content_filter' ? 'refusal' : 'length';
}
