import * as z from 'zod';
import type { Agent } from '../../../schemas/settings.js';
import type { HttpResponse } from '../../workspace/http.js';
import type { AgentAnswer, AgentRequest, Reply, Usage } from '../agent.js';

/** A question as a wire format needs it. */
export interface Asked extends Pick<AgentRequest, 'system' | 'prompt' | 'schema'> {
  readonly model: string;
  readonly reasoningMode: string | undefined;
  readonly maxOutputTokens: number;
  /** How the answer is bound to the schema; a server that does not know one is asked with the next. */
  readonly binding: Binding;
  /** The provider's own address, as opposed to one that speaks its format. */
  readonly own: boolean;
}

export const BINDINGS = ['schema', 'object', 'none'] as const;
export type Binding = (typeof BINDINGS)[number];

export interface WireFormat {
  readonly api: NonNullable<Agent['api']>;
  readonly baseUrl: string;
  /** Where the key of this provider usually is. */
  readonly keyEnv: string;
  /** Path and query under the base path that was configured. */
  path(basePath: string, model: string): string;
  /** The header that the key goes into, and what comes before it there. */
  readonly keyHeader: readonly [name: string, prefix: string];
  readonly headers: Readonly<Record<string, string>>;
  body(asked: Asked): object;
  /** Undefined when the JSON is no answer of this format. */
  read(json: unknown, headers: HttpResponse['headers']): Reply | undefined;
}

/** A name that a provider gave, for the record: one short line of plain characters. */
export const Name = z
  .string()
  .nullish()
  .catch(null)
  .transform(value => value?.replaceAll(/[^\x21-\x7e]/g, '').slice(0, 128) || null);

/** Null where there is nothing to read. */
export function reported(read: (raw: unknown) => Usage, raw: unknown): Usage | null {
  return raw === undefined || raw === null ? null : read(raw);
}

export function headerOf(headers: HttpResponse['headers'], name: string): string | null {
  return Name.parse(headers[name]?.[0]);
}

/** Of what a provider may be told; other modes, such as "auto", are its own choice. */
export function effortOf({ reasoningMode }: Asked, known: readonly string[]): string | undefined {
  return known.find(effort => effort === reasoningMode);
}

/** The finish by the provider's word for it. */
export function finishBy(
  words: Readonly<Record<string, AgentAnswer['finish']>>,
  word: string | null,
): AgentAnswer['finish'] {
  return word !== null && Object.hasOwn(words, word) ? (words[word] ?? 'unknown') : 'unknown';
}

/** A provider that declines gives no answer, whatever it says beside it. */
export function settled(reply: Omit<Reply, 'failure'>): Reply {
  if (reply.finish !== 'refusal') return { ...reply, failure: null };
  return {
    ...reply,
    text: null,
    failure: {
      code: 'refusal',
      message: 'The model declined to answer. Look at the prompt, or bind another model to this role.',
    },
  };
}
