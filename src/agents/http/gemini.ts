import * as z from 'zod';
import { geminiUsage } from '../../consensus/usage.js';
import { effortOf, finishBy, Name, reported, settled, type WireFormat } from './wire.js';

const LEVELS = ['minimal', 'low', 'medium', 'high'];

const Part = z.object({ text: z.string().optional(), thought: z.boolean().nullish().catch(null) });

const Answer = z.object({
  responseId: Name,
  modelVersion: Name,
  promptFeedback: z.object({ blockReason: Name }).nullish().catch(null),
  candidates: z
    .array(
      z.object({
        content: z
          .object({ parts: z.array(Part).nullish().catch(null) })
          .nullish()
          .catch(null),
        finishReason: Name,
      }),
    )
    .nullish(),
  usageMetadata: z.unknown().optional(),
});

const FINISHES = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'refusal',
  RECITATION: 'refusal',
  BLOCKLIST: 'refusal',
  PROHIBITED_CONTENT: 'refusal',
  SPII: 'refusal',
} as const;

export const gemini: WireFormat = {
  api: 'gemini',
  baseUrl: 'https://generativelanguage.googleapis.com',
  keyEnv: 'GEMINI_API_KEY',
  path(basePath, model) {
    const versioned = /\/v\d+(?:alpha|beta)?$/.test(basePath) ? basePath : `${basePath}/v1beta`;
    return `${versioned}/models/${encodeURIComponent(model.replace(/^models\//, ''))}:generateContent`;
  },
  keyHeader: ['x-goog-api-key', ''],
  headers: {},
  body(asked) {
    const thinkingLevel = effortOf(asked, LEVELS);
    return {
      systemInstruction: { parts: [{ text: asked.system }] },
      contents: [{ role: 'user', parts: [{ text: asked.prompt }] }],
      generationConfig: {
        maxOutputTokens: asked.maxOutputTokens,
        responseMimeType: 'application/json',
        responseJsonSchema: asked.schema,
        ...(thinkingLevel === undefined ? {} : { thinkingConfig: { thinkingLevel } }),
      },
    };
  },
  read(json) {
    const parsed = Answer.safeParse(json);
    if (!parsed.success) return undefined;
    const { candidates, promptFeedback, modelVersion, responseId } = parsed.data;
    const [candidate] = candidates ?? [];
    const blocked = promptFeedback?.blockReason != null;
    if (candidate === undefined && !blocked) return undefined;
    const parts = candidate?.content?.parts ?? [];
    return settled({
      text: parts.map(({ text, thought }) => (thought === true ? '' : (text ?? ''))).join(''),
      finish: blocked ? 'refusal' : finishBy(FINISHES, candidate?.finishReason ?? null),
      modelServed: modelVersion,
      requestId: responseId,
      usage: reported(geminiUsage, parsed.data.usageMetadata),
      costUsd: null,
    });
  },
};
