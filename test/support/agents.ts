import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import type { AgentRequest } from '../../src/agents/agent.js';
import { askAgent } from '../../src/agents/ask.js';
import { readEnvironment } from '../../src/bin/environment.js';
import { createRunCommand } from '../../src/ports/exec.js';
import { loadSettings } from '../../src/settings/load.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { serveHttp } from './hal.js';
import { openTest, type Repository } from './repository.js';

export const AGENT_KEY = 'canary-4f81d2aa-model-key';

export const ANSWER = '{"stage":"spec-plan"}';

export const ANSWER_SCHEMA = {
  type: 'object',
  properties: { stage: { type: 'string' } },
  required: ['stage'],
  additionalProperties: false,
};

export interface Seen {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A provider on loopback that keeps what it was asked; `answer` gets the number of the call, from 1. */
export async function serveProvider(
  answer: (call: number, response: Parameters<RequestListener>[1]) => void,
): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const url = await serveHttp((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', text => {
      body += text;
    });
    request.on('end', () => {
      seen.push({ path: request.url ?? '', headers: request.headers, body });
      answer(seen.length, response);
    });
  });
  return { url, seen };
}

export interface Asking {
  readonly env?: Readonly<Record<string, string>>;
  readonly trusted?: boolean;
  readonly signal?: AbortSignal;
  readonly prompt?: string;
  /** A folder of programs before all others. */
  readonly bin?: string;
  /** Stands in the environment of every process that is started. */
  readonly mark?: string;
}

/** The workspace of a spec-kit.toml that a person trusted, and how long it was told to wait. */
export function agentWorkspace(
  repo: Repository,
  toml: string,
  { env = {}, trusted = true, bin = '/nowhere', mark = 'none' }: Asking = {},
): { workspace: Workspace; waits: number[] } {
  repo.write('spec-kit.toml', toml);
  const digest = createHash('sha256').update(toml).digest('hex');
  const { operator } = readEnvironment({
    MODEL_API_KEY: AGENT_KEY,
    ...(trusted ? { SPEC_KIT_TRUST: digest } : {}),
    ...env,
  });
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  const runCommand = createRunCommand({
    root: repo.root,
    env: { PATH: bin, SPEC_KIT_RUN_ID: mark },
    limits: { graceMs: 200 },
  });
  return { workspace: { ...openTest(repo.root, operator), wait, runCommand }, waits };
}

/** Asks the agent gpt_pro of a spec-kit.toml. */
export async function ask(repo: Repository, toml: string, asking: Asking = {}) {
  const { workspace, waits } = agentWorkspace(repo, toml, asking);
  const answer = await askAgent(workspace, await requestFor(workspace, asking));
  return { answer, waits, workspace };
}

export async function requestFor(
  workspace: Workspace,
  { signal, prompt }: Asking = {},
): Promise<AgentRequest> {
  const { settings, digest } = await loadSettings(workspace);
  const agent = settings.agents.gpt_pro;
  if (agent === undefined) throw new Error('no [agents.gpt_pro]');
  return {
    role: 'gpt_pro',
    agent,
    system: 'You plan.',
    prompt: prompt ?? 'Plan it.',
    schema: ANSWER_SCHEMA,
    configDigest: digest,
    signal: signal ?? new AbortController().signal,
  };
}

export function httpToml(api: string, url: string, more = ''): string {
  return `[agents.gpt_pro]\nmode = "http"\napi = "${api}"\nbase_url = "${url}"\nmodel = "stub-model"\nkey_env = "MODEL_API_KEY"\n${more}`;
}

/** What each provider sends for one answer of a model. `end`: its own word for why the model stopped. */
export const providerAnswers = {
  'openai-responses': (text: string, cut = false) => ({
    id: 'resp_1',
    object: 'response',
    status: cut ? 'incomplete' : 'completed',
    incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
    error: null,
    model: 'stub-model-served',
    output: [
      { type: 'reasoning', summary: [] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] },
    ],
    usage: {
      input_tokens: 1234,
      input_tokens_details: { cached_tokens: 1000 },
      output_tokens: 210,
      output_tokens_details: { reasoning_tokens: 64 },
    },
  }),
  'chat-completions': (text: string, cut = false) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: 'stub-model-served',
    choices: [
      { index: 0, message: { role: 'assistant', content: text }, finish_reason: cut ? 'length' : 'stop' },
    ],
    usage: {
      prompt_tokens: 1234,
      prompt_tokens_details: { cached_tokens: 1000 },
      completion_tokens: 210,
      completion_tokens_details: { reasoning_tokens: 64 },
    },
  }),
  anthropic: (text: string, cut = false) => ({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'stub-model-served',
    content: [
      { type: 'thinking', thinking: 'Hm.' },
      { type: 'text', text },
    ],
    stop_reason: cut ? 'max_tokens' : 'end_turn',
    usage: {
      input_tokens: 234,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 0,
      output_tokens: 210,
      output_tokens_details: { thinking_tokens: 64 },
    },
  }),
  gemini: (text: string, cut = false) => ({
    responseId: 'gem-1',
    modelVersion: 'stub-model-served',
    candidates: [
      {
        content: { role: 'model', parts: [{ text: 'Hm.', thought: true }, { text }] },
        finishReason: cut ? 'MAX_TOKENS' : 'STOP',
      },
    ],
    usageMetadata: {
      promptTokenCount: 1234,
      cachedContentTokenCount: 1000,
      candidatesTokenCount: 146,
      thoughtsTokenCount: 64,
    },
  }),
} as const;

export const APIS = ['openai-responses', 'chat-completions', 'anthropic', 'gemini'] as const;
export type Api = (typeof APIS)[number];

/** A provider that answers each call with the same text. */
export function serveAnswer(api: Api, text: string, cut = false) {
  return serveProvider((_, response) => {
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify(providerAnswers[api](text, cut)));
  });
}
