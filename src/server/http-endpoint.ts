import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJSONRPCRequest } from '@modelcontextprotocol/server';
import type { Host } from './host.js';
import { type Authenticated, createBearerCheck } from './http-bearer.js';
import { readBody } from './http-body.js';
import { createEras } from './http-eras.js';
import { checkBody, checkHost, checkOrigin, checkRoute, isHealthCheck } from './http-guards.js';
import type { HttpLimits } from './http-limits.js';
import { refusal, refuse } from './http-refusal.js';
import { createLimiter } from './rates.js';

/** What stands between the socket and the protocol. */
export interface Endpoint {
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Refuses what comes from now on, waits for what runs, then aborts it. */
  close(): Promise<void>;
}

export function createEndpoint(
  host: Host,
  port: number,
  tokens: readonly string[] | 'none',
  limits: HttpLimits,
): Endpoint {
  const eras = createEras(host, limits);
  const authenticate = createBearerCheck(tokens);
  const limiter = createLimiter(limits.requests.each, limits.requests.all);
  const running = new Set<ServerResponse>();
  let closing = false;

  const screen = (request: IncomingMessage): Authenticated => {
    const stranger = checkRoute(request) ?? checkHost(request, port) ?? checkOrigin(request);
    if (stranger) return { refused: stranger };
    const who = authenticate(request);
    if ('refused' in who) return who;
    const unfit = checkBody(request) ?? checkRate(limiter(who.principal));
    return unfit ? { refused: unfit } : who;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const who = screen(request);
    if ('refused' in who) return refuse(request, response, who.refused);
    if (request.method !== 'POST') return eras.serve(request, response, who.principal, undefined);
    const body = await readBody(request);
    if ('refused' in body) return refuse(request, response, body.refused);
    if (!isListen(body.value)) track(running, response);
    return eras.serve(request, response, who.principal, body.value);
  };

  return {
    async answer(request, response) {
      if (closing) return refuse(request, response, refusal(503, 'The server is stopping.'));
      if (!isHealthCheck(request)) return serve(request, response);
      const stranger = checkHost(request, port) ?? checkOrigin(request);
      if (stranger) return refuse(request, response, stranger);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    },
    async close() {
      closing = true;
      const deadline = performance.now() + limits.drainMs;
      while (running.size > 0 && performance.now() < deadline) {
        await new Promise(resolve => setTimeout(resolve, 10));
      }
      await eras.close();
    },
  };
}

function checkRate(wait: number) {
  return wait === 0 ? undefined : refusal(429, 'Too many requests.', { 'retry-after': String(wait) });
}

function isListen(body: unknown): boolean {
  return isJSONRPCRequest(body) && body.method === 'subscriptions/listen';
}

function track(running: Set<ServerResponse>, response: ServerResponse): void {
  running.add(response);
  response.on('close', () => running.delete(response));
}
