import type { Agent, AgentRole } from '../../../schemas/settings.js';
import type { HttpExchange, HttpFailure, HttpResponse } from '../../workspace/http.js';
import { type AgentFailureCode, failedReply, type Reply } from '../agent.js';
import type { Endpoint } from '../endpoint.js';
import type { Key } from '../key.js';
import type { WireFormat } from './wire.js';

/** Where a question went, for the sentences about it. */
export interface Sent {
  readonly role: AgentRole;
  readonly agent: Agent;
  readonly endpoint: Endpoint;
  readonly key: Key | undefined;
  readonly model: string;
}

/** What an exchange amounts to. */
export function judgeExchange(format: WireFormat, exchange: HttpExchange, sent: Sent): Reply {
  const { response, failure } = exchange;
  if (failure !== undefined) return unanswered(failure, sent);
  if (response === undefined) return failedReply('connection', `${sent.endpoint.host} gave no answer.`);
  if (response.status < 200 || response.status > 299) return refused(response, sent);
  return read(format, response, sent);
}

function unanswered({ cause, reason }: HttpFailure, { role, endpoint }: Sent): Reply {
  const codes: Readonly<Record<HttpFailure['cause'], AgentFailureCode>> = {
    dns: 'connection',
    refused: 'connection',
    connection: 'connection',
    timeout: 'timeout',
    tls: 'config',
    cancelled: 'cancelled',
  };
  const next = {
    timeout: `Raise timeout under [agents.${role}], or ask for less.`,
    cancelled: 'Call again when it is wanted.',
  };
  const advice =
    cause === 'timeout' || cause === 'cancelled'
      ? next[cause]
      : `Check base_url under [agents.${role}] and the network.`;
  return failedReply(codes[cause], `${endpoint.host} ${reason}. ${advice}`);
}

function refused(response: HttpResponse, sent: Sent): Reply {
  const { role, endpoint, model, key } = sent;
  const status = statusMeant(response);
  const where = `${endpoint.host} answered ${response.status}`;
  const under = `under [agents.${role}]`;
  const whose = key === undefined ? 'and it was sent no key' : `for the key in ${key.name}`;
  if (status === 401 || status === 403)
    return failedReply(
      'auth',
      `${where} ${whose}. Set a valid key, and name its variable with key_env ${under}.`,
    );
  if (status === 404)
    return failedReply(
      'not_found',
      `${where}: it does not know the model ${model.slice(0, 100)} or the address. Check model and base_url ${under}.`,
    );
  if (status === 429)
    return failedReply('rate_limited', `${where}: the limit of this key is reached. Try again later.`);
  if (status === 408 || status === 504)
    return failedReply(
      'timeout',
      `${where}: the model did not answer in time. Ask for less, or try again later.`,
    );
  if (status === 413)
    return failedReply('too_large', `${where}: the prompt is too long. Lower context_tokens.`);
  if (status >= 500) return failedReply('server', `${where}: it fails at the moment. Try again later.`);
  if (status >= 300 && status < 400)
    return failedReply(
      'config',
      `${where}, and redirects are not followed. Set base_url ${under} to the final address.`,
    );
  return failedReply(
    'config',
    `${where}: it does not take this request. Check api, model, reasoning_mode and max_output_tokens ${under}.`,
  );
}

/** Gemini says 400 of a key that it does not know, and many say it of a prompt that is too long. */
function statusMeant({ status, body }: HttpResponse): number {
  if (status !== 400) return status;
  const text = startOf(body);
  if (/API_KEY_INVALID/.test(text)) return 401;
  const tooLong =
    /context_length_exceeded|context (?:length|window)|prompt is too long|maximum number of tokens|too many tokens/i;
  return tooLong.test(text) ? 413 : status;
}

function startOf(body: Buffer): string {
  return body.subarray(0, 65_536).toString('latin1');
}

function read(format: WireFormat, response: HttpResponse, { role, endpoint }: Sent): Reply {
  const { host } = endpoint;
  if (response.bodyEnd === 'unread')
    return failedReply(
      'malformed',
      `${host} answered with an encoded body although none was asked for. Turn compression off for it.`,
    );
  if (response.bodyEnd === 'cut')
    return failedReply(
      'too_large',
      `${host} answered with more than ${response.body.length} bytes, and no more was read. Lower max_output_tokens under [agents.${role}].`,
    );
  const json = parse(response.body);
  const reply = json === undefined ? undefined : format.read(json, response.headers);
  if (reply !== undefined) return reply;
  const seen = json !== undefined ? 'other JSON' : looksLikeHtml(response.body) ? 'HTML' : 'something else';
  return failedReply(
    'malformed',
    `${host} was expected to answer as the API ${format.api} does, and sent ${seen}. Check api and base_url under [agents.${role}].`,
  );
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

function looksLikeHtml(body: Buffer): boolean {
  return /^\s*</.test(body.subarray(0, 256).toString('latin1'));
}

/** What the server asks to wait, in seconds or as a date; null when it says nothing that can be read. */
export function retryAfterMs(response: HttpResponse | undefined, now: Date): number | null {
  const text = response?.headers['retry-after']?.[0]?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = /^[A-Za-z]{3},? [\w :-]{10,40}$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}

/** True for a server that does not know the way in which the answer was to be bound to the schema. */
export function rejectsBinding({ response }: HttpExchange): boolean {
  if (response === undefined || ![400, 422, 501].includes(response.status)) return false;
  return /response_format|json_schema|json_object/i.test(
    response.body.subarray(0, 65_536).toString('latin1'),
  );
}
