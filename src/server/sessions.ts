import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { isInitializeRequest, type McpServer } from '@modelcontextprotocol/server';
import type { Principal } from './http-bearer.js';
import { INVALID_REQUEST, type Refusal, refusal, refuse } from './http-refusal.js';

export interface SessionLimits {
  readonly max: number;
  /** A session with no request and no open stream for this long is closed. */
  readonly idleMs: number;
  /** When all are taken, those idle for this long are closed to make room for a new client. */
  readonly evictableMs: number;
}

export const SESSION_LIMITS: SessionLimits = { max: 64, idleMs: 600_000, evictableMs: 60_000 };

const SESSION_NOT_FOUND = -32001;

interface Session {
  readonly principal: Principal;
  readonly transport: NodeStreamableHTTPServerTransport;
  /** Requests and streams that are open now; while there is one, the session is in use. */
  open: number;
  usedAt: number;
}

/** The sessions of 2025 clients; a modern client has none. */
export interface Sessions {
  /** `body` is the parsed message of a POST. */
  serve(
    request: IncomingMessage,
    response: ServerResponse,
    principal: Principal,
    body: unknown,
  ): Promise<void>;
  close(): Promise<void>;
}

export function createSessions(
  connect: (principal: Principal) => McpServer,
  { max, idleMs, evictableMs }: SessionLimits,
  now = () => performance.now(),
): Sessions {
  const sessions = new Map<string, Session>();

  const closeIdle = (idle: number) => {
    for (const { open, usedAt, transport } of sessions.values()) {
      if (open === 0 && now() - usedAt >= idle) void transport.close();
    }
  };
  const sweeper = setInterval(() => closeIdle(idleMs), Math.min(idleMs, 30_000)).unref();

  const serveIn = async (
    session: Session,
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
  ) => {
    session.open += 1;
    response.on('close', () => {
      session.open -= 1;
      session.usedAt = now();
    });
    await session.transport.handleRequest(request, response, body);
  };

  const begin = async (
    principal: Principal,
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
  ) => {
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: id => {
        sessions.set(id, session);
      },
    });
    const session: Session = { principal, transport, open: 0, usedAt: now() };
    transport.onclose = () => {
      if (transport.sessionId !== undefined) sessions.delete(transport.sessionId);
    };
    await connect(principal).connect(transport);
    await serveIn(session, request, response, body);
    if (transport.sessionId === undefined) await transport.close();
  };

  return {
    async serve(request, response, principal, body) {
      const id = request.headers['mcp-session-id'];
      const session = sessions.get(String(id));
      if (session?.principal === principal) return serveIn(session, request, response, body);
      if (id !== undefined) return refuse(request, response, notFound());
      if (!isInitializeRequest(body)) return refuse(request, response, noSession());
      if (sessions.size >= max) closeIdle(evictableMs);
      if (sessions.size >= max) return refuse(request, response, full(max));
      return begin(principal, request, response, body);
    },
    async close() {
      clearInterval(sweeper);
      await Promise.all([...sessions.values()].map(({ transport }) => transport.close()));
    },
  };
}

/** The same for a session that never was and for one of somebody else. */
function notFound(): Refusal {
  return refusal(404, 'Session not found; initialize a new one.', {}, SESSION_NOT_FOUND);
}

function noSession(): Refusal {
  return refusal(400, 'Begin with initialize, then send its Mcp-Session-Id.', {}, INVALID_REQUEST);
}

function full(max: number): Refusal {
  return refusal(503, `All ${max} sessions are in use.`, { 'retry-after': '60' });
}
