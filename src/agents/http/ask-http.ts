import { VERSION } from '../../version.js';
import type { Workspace } from '../../workspace/workspace.js';
import type { AgentAnswer, AgentFailure, AgentRequest } from '../agent.js';
import { endpointOf } from '../endpoint.js';
import { keyOf } from '../key.js';
import { type Addressed, answerOf, modelOf, type Try, tryTwice, unasked } from '../tries.js';
import { anthropic } from './anthropic.js';
import { chatCompletions } from './chat-completions.js';
import { gemini } from './gemini.js';
import { judgeExchange, rejectsBinding, retryAfterMs, type Sent } from './judge.js';
import { openaiResponses } from './openai-responses.js';
import { BINDINGS, type Binding, type WireFormat } from './wire.js';

export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

const formats = [openaiResponses, chatCompletions, anthropic, gemini];

/** All that is needed to ask a provider over HTTP. */
export interface HttpPlan extends Sent, Addressed {
  readonly format: WireFormat;
}

/** Where a question would go, or what the configuration lacks. Sends nothing. */
export function planHttp(
  workspace: Workspace,
  request: Pick<AgentRequest, 'role' | 'agent'>,
): { readonly plan: HttpPlan } | { readonly failure: AgentFailure } {
  const { role, agent } = request;
  const format = formats.find(({ api }) => api === agent.api);
  if (format === undefined)
    return lacks(role, 'api', `api = "${formats.map(({ api }) => api).join('" or "')}"`);
  const model = modelOf(workspace, request);
  if (model === undefined) return lacks(role, 'model', 'model = "the exact id at your provider"');
  const at = endpointOf(role, agent, format.baseUrl);
  if ('failure' in at) return at;
  const { endpoint } = at;
  // A key goes to its own provider only, unless the file says that it is for another address.
  const found = keyOf(workspace.operator, role, agent, endpoint.own ? [format.keyEnv] : []);
  if ('failure' in found) return found;
  if (found.key === undefined && !endpoint.local) return noKey(role, endpoint.host, format, endpoint.own);
  const provider = `${format.api} ${endpoint.host}`;
  return { plan: { role, agent, format, endpoint, key: found.key, model, provider, modelRequested: model } };
}

function lacks(role: string, key: string, fix: string): { readonly failure: AgentFailure } {
  const message = `[agents.${role}] has mode "http" and no ${key}. Add ${fix}.`;
  return { failure: { code: 'config', message } };
}

function noKey(role: string, host: string, { keyEnv }: WireFormat, own: boolean) {
  const how = own
    ? `Set ${keyEnv}, or name another variable with key_env under [agents.${role}].`
    : `Name the variable of its key with key_env under [agents.${role}].`;
  return { failure: { code: 'config', message: `There is no key for ${host}. ${how}` } } as const;
}

/** Asks over HTTP, with one retry of what may pass. Never throws for what a server does. */
export async function askHttp(workspace: Workspace, request: AgentRequest): Promise<AgentAnswer> {
  const planned = planHttp(workspace, request);
  if ('failure' in planned) {
    const addressed = { provider: `http ${request.agent.api ?? ''}`.trim(), modelRequested: null };
    return unasked(workspace, addressed, planned.failure.code, planned.failure.message);
  }
  const { plan } = planned;
  const tries: Try[] = [];
  for (const binding of plan.format.api === 'chat-completions' ? BINDINGS : BINDINGS.slice(0, 1)) {
    let unbound = false;
    const attempt = async () => {
      const one = await askOnce(workspace, request, plan, binding);
      unbound = one.unbound;
      return one;
    };
    tries.push(...(await tryTwice(workspace, request.signal, attempt)));
    if (!unbound) break;
  }
  return answerOf(workspace, plan, tries);
}

async function askOnce(
  { http, now }: Workspace,
  { system, prompt, schema, signal }: AgentRequest,
  plan: HttpPlan,
  binding: Binding,
): Promise<Try & { readonly unbound: boolean }> {
  const { format, agent, endpoint, key, model } = plan;
  const [keyHeader, prefix] = format.keyHeader;
  const body = format.body({
    system,
    prompt,
    schema,
    model,
    binding,
    reasoningMode: agent.reasoning_mode,
    maxOutputTokens: agent.max_output_tokens,
    own: endpoint.own,
  });
  const exchange = await http({
    origin: endpoint.origin,
    method: 'POST',
    path: format.path(endpoint.basePath, model),
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': `spec-kit-mcp/${VERSION}`,
      ...format.headers,
      ...(key === undefined ? {} : { [keyHeader]: `${prefix}${key.value}` }),
    },
    body: JSON.stringify(body),
    timeoutMs: agent.timeout,
    maxBodyBytes: MAX_ANSWER_BYTES,
    signal,
  });
  return {
    ...judgeExchange(format, exchange, plan),
    latencyMs: exchange.durationMs,
    retryAfterMs: retryAfterMs(exchange.response, now()),
    unbound: rejectsBinding(exchange),
  };
}
