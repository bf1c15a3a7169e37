import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Host, whenIdle } from './host.js';
import { createEndpoint } from './http-endpoint.js';
import { HTTP_LIMITS, type HttpLimits } from './http-limits.js';
import { INTERNAL_ERROR, refusal, refuse } from './http-refusal.js';
import { logFailure } from './log-failure.js';
import type { Serving } from './serving.js';

const LOOPBACK = '127.0.0.1';
const GRACE_MS = 1500;
/** For the last words on streams that were just ended. */
const FLUSH_MS = 100;

export interface HttpOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** The bearer tokens that are accepted; 'none' serves whoever can connect from this machine. */
  readonly tokens: readonly string[] | 'none';
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpServing extends Serving {
  /** http://127.0.0.1:PORT/mcp */
  readonly url: string;
}

/**
 * Serves Streamable HTTP on this machine only. Rejects when the port cannot be had. `close` lets running calls end
 * for a while, then aborts them.
 */
export async function serveHttp(
  host: Host,
  { port, tokens, limits: chosen }: HttpOptions,
): Promise<HttpServing> {
  const limits = { ...HTTP_LIMITS, ...chosen };
  const server = createServer(
    {
      headersTimeout: limits.headMs,
      requestTimeout: 15_000,
      keepAliveTimeout: 5000,
      connectionsCheckingInterval: 1000,
    },
    (request, response) => {
      endpoint.answer(request, response).catch((error: unknown) => fail(host, request, response, error));
    },
  );
  server.maxConnections = limits.connections;
  server.maxRequestsPerSocket = 1000;
  const bound = await listen(server, port);
  const endpoint = createEndpoint(host, bound, tokens, limits);
  const closed = new Promise<void>(resolve => server.once('close', resolve));
  return {
    url: `http://${LOOPBACK}:${bound}/mcp`,
    ended: closed.then(() => 0),
    async close() {
      server.close();
      await endpoint.close();
      await whenIdle(host, GRACE_MS);
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), FLUSH_MS).unref();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function fail(host: Host, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (request.socket.destroyed) return;
  const id = logFailure(host, 'http', error);
  const message = `The server failed to answer; its log has the cause under ${id}.`;
  refuse(request, response, refusal(500, message, {}, INTERNAL_ERROR));
}
