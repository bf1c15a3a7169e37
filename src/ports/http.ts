import type { Dispatcher } from 'undici';
import type { HttpExchange, HttpFailure, HttpRequest, HttpResponse, SendRequest } from '../workspace/http.js';
import { type Address, type Lookup, lookUp, reach } from './addresses.js';
import { httpFailure, isTransportError } from './http-failure.js';

const MAX_HEADER_BYTES = 16 * 1024;
const LONGEST_TIMER = 2 ** 31 - 1;

type Result = Pick<HttpExchange, 'response' | 'failure'>;

/** Each request has its own connection, to an address that was looked at first. */
export function createSendRequest(look: Lookup = lookUp): SendRequest {
  return async request => {
    const startedAt = performance.now();
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), Math.min(request.timeoutMs, LONGEST_TIMER));
    const connected: { address?: string } = {};
    try {
      const stop = AbortSignal.any([request.signal, late.signal]);
      const { response, failure } = await attempt(request, stop, look, connected);
      return {
        response,
        failure: stop.aborted && failure !== undefined ? stopped(request, late.signal.aborted) : failure,
        address: connected.address,
        durationMs: Math.round(performance.now() - startedAt),
      };
    } finally {
      clearTimeout(timer);
    }
  };
}

function stopped({ timeoutMs }: HttpRequest, late: boolean): HttpFailure {
  return late
    ? { cause: 'timeout', reason: `did not answer completely within ${timeoutMs} ms` }
    : { cause: 'cancelled', reason: 'was not waited for: the call was cancelled' };
}

async function attempt(
  request: HttpRequest,
  stop: AbortSignal,
  look: Lookup,
  connected: { address?: string },
): Promise<Result> {
  try {
    stop.throwIfAborted();
    const reached = await Promise.race([reach(new URL(request.origin).hostname, look), aborted(stop)]);
    if ('problem' in reached)
      return { response: undefined, failure: { cause: 'dns', reason: reached.problem } };
    return await exchange(request, stop, reached.addresses, connected);
  } catch (error) {
    if (!stop.aborted && !isTransportError(error)) throw error;
    return { response: undefined, failure: httpFailure(error) };
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function exchange(
  { origin, method, path, headers, body, maxBodyBytes }: HttpRequest,
  stop: AbortSignal,
  addresses: readonly Address[],
  connected: { address?: string },
): Promise<Result> {
  // As the default: undici is CommonJS, whose names a bundle does not know.
  const { Agent, buildConnector } = (await import('undici')).default;
  const connect = buildConnector({
    autoSelectFamily: true,
    rejectUnauthorized: true,
    maxCachedSessions: 0,
    // The total deadline is the only one: a slow drip would get past any other.
    timeout: 0,
    lookup: (_, { all }, callback) => {
      const [first] = addresses;
      if (all) callback(null, [...addresses]);
      else callback(null, first?.address ?? '', first?.family);
    },
  });
  const agent = new Agent({
    connect: (options, callback) =>
      connect(options, (...answer) => {
        const remote = answer[1]?.remoteAddress;
        if (remote !== undefined) connected.address = remote;
        callback(...answer);
      }),
    pipelining: 0,
    allowH2: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  try {
    const answer = await agent.request({
      origin,
      path,
      method,
      headers: { accept: '*/*', ...headers, 'accept-encoding': 'identity' },
      body,
      signal: stop,
    });
    return await readAnswer(answer, maxBodyBytes);
  } finally {
    void agent.destroy().catch(() => {});
  }
}

async function readAnswer(answer: Dispatcher.ResponseData, maxBodyBytes: number): Promise<Result> {
  const head = { status: answer.statusCode, headers: headersOf(answer.headers) };
  answer.body.on('error', () => {});
  const encodings = head.headers['content-encoding'] ?? [];
  if (encodings.some(encoding => !/^\s*(identity)?\s*$/i.test(encoding)))
    return { response: { ...head, body: Buffer.alloc(0), bodyEnd: 'unread' }, failure: undefined };
  const chunks: Buffer[] = [];
  let read = 0;
  const response = (bodyEnd: HttpResponse['bodyEnd']): HttpResponse => ({
    ...head,
    body: Buffer.concat(chunks).subarray(0, maxBodyBytes),
    bodyEnd,
  });
  try {
    for await (const chunk of answer.body) {
      chunks.push(chunk);
      read += chunk.length;
      if (read > maxBodyBytes) break;
    }
  } catch (error) {
    return { response: response('broken'), failure: httpFailure(error) };
  }
  return { response: response(read > maxBodyBytes ? 'cut' : 'whole'), failure: undefined };
}

function headersOf(headers: Dispatcher.ResponseData['headers']): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat()]])),
  );
}
