import * as z from 'zod';
import type { Agent, AgentRole, Settings } from '../../schemas/settings.js';
import { estimateUsd } from '../consensus/cost.js';
import { estimateTokens } from '../consensus/cut.js';
import type { Workspace } from '../workspace/workspace.js';
import type { AgentAnswer, AgentRequest } from './agent.js';
import { modelOf } from './tries.js';

/** Room for a model that thinks before it says one word. */
const MOST_TOKENS = 2000;

const Word = z.strictObject({ word: z.string() });

/** A question that costs next to nothing, bound to a schema, with what it would cost. */
export interface Rehearsal {
  readonly request: AgentRequest;
  readonly word: string;
  readonly estimate: Estimate;
}

export interface Estimate {
  readonly inputTokens: number;
  readonly mostOutputTokens: number;
  /** US dollars at most, by a price of this very model; null: not known. */
  readonly mostUsd: number | null;
}

export function rehearse(
  workspace: Workspace,
  settings: Settings,
  configDigest: string | null,
  role: AgentRole,
  configured: Agent,
  signal: AbortSignal,
): Rehearsal {
  const word = workspace.randomHex(4);
  const agent = { ...configured, max_output_tokens: Math.min(configured.max_output_tokens, MOST_TOKENS) };
  const request: AgentRequest = {
    role,
    agent,
    system: 'You are asked whether you can be reached. Answer with one JSON object and nothing else.',
    prompt: `Answer with {"word": "${word}"}.`,
    schema: {
      type: 'object',
      properties: { word: { type: 'string', enum: [word] } },
      required: ['word'],
      additionalProperties: false,
    },
    configDigest,
    signal,
  };
  return { request, word, estimate: estimateOf(settings, modelOf(workspace, request), request) };
}

function estimateOf({ prices }: Settings, model: string | undefined, request: AgentRequest): Estimate {
  const { system, prompt, schema, agent } = request;
  const inputTokens = estimateTokens(`${system}${prompt}${JSON.stringify(schema)}`);
  const mostOutputTokens = agent.max_output_tokens;
  const mostUsd = estimateUsd(model ?? null, inputTokens, mostOutputTokens, prices);
  return { inputTokens, mostOutputTokens, mostUsd };
}

/** What is wrong with an answer; undefined when it is the word, bound to the schema. */
export function wrongWith({ text, failure, finish }: AgentAnswer, word: string): string | undefined {
  if (failure !== null) return failure.message;
  if (finish === 'length') return 'The answer was cut at the output limit.';
  try {
    if (Word.safeParse(JSON.parse(text ?? '')).data?.word === word) return undefined;
  } catch {
    // No JSON: said below.
  }
  return 'It answered, and not with the one JSON object that its schema asks for. Stages try to find the object in such an answer.';
}
