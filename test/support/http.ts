import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { type HttpServing, serveHttp } from '../../src/server/http.js';
import type { HttpLimits } from '../../src/server/http-limits.js';
import { test as base } from './one-workspace.js';
import { createTestHost, type TestHost } from './serving-host.js';

export const TOKEN = 'token-of-the-first-caller-0123456789';
export const OTHER_TOKEN = 'token-of-the-other-caller-0123456789';

/** Tests with a host and a server on a free port that takes two tokens; `limits` may be set with test.override. */
export const test = base.extend<{ host: TestHost; limits: Partial<HttpLimits>; serving: HttpServing }>({
  host: async ({ workspace }, use) => {
    await use(createTestHost([workspace]));
  },
  limits: {},
  serving: async ({ host, limits }, use) => {
    const serving = await serveHttp(host, {
      port: 0,
      tokens: [TOKEN, OTHER_TOKEN],
      limits: { drainMs: 0, ...limits },
    });
    await use(serving);
    await serving.close();
  },
});

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Sent in pieces without a Content-Length when it is an array. */
  readonly body?: string | Buffer | readonly (string | Buffer)[];
}

/** One raw request; by default a well-formed POST with the first token. */
export function ask(url: string, { method = 'POST', path, headers = {}, body }: Ask): Promise<Answer> {
  const target = new URL(url);
  const defaults = {
    authorization: `Bearer ${TOKEN}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: target.hostname,
        port: target.port,
        path: path ?? target.pathname,
        method,
        agent: false,
        headers: Object.fromEntries(
          Object.entries({ ...defaults, ...headers }).filter(([, value]) => value !== undefined),
        ),
      },
      incoming => {
        let text = '';
        incoming.setEncoding('utf8').on('data', chunk => {
          text += chunk;
        });
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }),
        );
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    if (typeof body === 'string' || Buffer.isBuffer(body)) outgoing.end(body);
    else {
      for (const piece of body ?? []) outgoing.write(piece);
      outgoing.end();
    }
  });
}

export function rpc(method: string, params: object = {}, id: string | number = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

export function initialize(): string {
  return rpc('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  });
}

/** A request of the 2026-07-28 era with its headers. */
export function modern(method: string, params: Record<string, unknown> = {}, id: string | number = 1): Ask {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const name = params['name'] ?? params['uri'];
  return {
    headers: {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' && { 'mcp-name': name }),
    },
    body: rpc(method, { ...params, _meta }, id),
  };
}
