import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { classifyInboundRequest, createMcpHandler, isJSONRPCRequest } from '@modelcontextprotocol/server';
import { SpecError } from '../errors.js';
import type { Admit } from './call-tool.js';
import { createServer } from './create.js';
import type { Host } from './host.js';
import type { Principal } from './http-bearer.js';
import type { HttpLimits } from './http-limits.js';
import { createListening } from './listening.js';
import { printable } from './log-failure.js';
import { createLimiter } from './rates.js';
import { createSessions } from './sessions.js';
import { joinHub } from './subscriptions.js';

/** Both protocol eras behind one endpoint: the 2025 one with sessions, the 2026 one without. */
export interface Eras {
  /** Serves a request that passed every check; `body` is the parsed message of a POST. */
  serve(
    request: IncomingMessage,
    response: ServerResponse,
    principal: Principal,
    body: unknown,
  ): Promise<void>;
  /** Ends every session and stream and aborts what still runs. */
  close(): Promise<void>;
}

export function createEras(host: Host, limits: HttpLimits): Eras {
  const admit = createAdmit(limits);
  const sessions = createSessions(principal => {
    const server = createServer(host, admit(principal));
    joinHub(server, host.hub, 'legacy');
    return server;
  }, limits.sessions);
  const handler = createMcpHandler(({ authInfo }) => createServer(host, admit(authInfo?.clientId ?? '')), {
    legacy: 'reject',
    maxSubscriptions: limits.listens,
    onerror: error => host.log(`http: ${printable(error.message)}`),
  });
  const modern = toNodeHandler(handler);
  const leave = host.hub.join({
    updated: handler.notify.resourceUpdated,
    listChanged: handler.notify.resourcesChanged,
  });
  return {
    async serve(request, response, principal, body) {
      if (isLegacy(request, body)) return sessions.serve(request, response, principal, body);
      watchWhileOpen(host, response, body);
      const auth = { token: '', clientId: principal, scopes: [] };
      return modern(Object.assign(request, { auth }), response, body);
    },
    async close() {
      leave();
      await handler.close();
      await sessions.close();
    },
  };
}

function isLegacy({ method = '', headers }: IncomingMessage, body: unknown): boolean {
  const route = classifyInboundRequest({
    httpMethod: method,
    protocolVersionHeader: text(headers['mcp-protocol-version']),
    mcpMethodHeader: text(headers['mcp-method']),
    mcpNameHeader: text(headers['mcp-name']),
    body,
  });
  return route.kind === 'legacy';
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}

function watchWhileOpen({ hub }: Host, response: ServerResponse, body: unknown): void {
  if (!isJSONRPCRequest(body)) return;
  const listening = createListening(hub, 1);
  listening.notice(body);
  response.on('close', listening.clear);
}

function createAdmit({ runs }: HttpLimits): (principal: Principal) => Admit {
  const limiter = createLimiter(runs.each, runs.all);
  return principal => tool => {
    const wait = tool.annotations.readOnlyHint ? 0 : limiter(principal);
    if (wait === 0) return;
    throw new SpecError(
      'RATE_LIMITED',
      `Too many calls that run or change something in a short time. Try this one again in ${wait} s.`,
    );
  };
}
