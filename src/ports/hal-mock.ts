import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { MockMode } from '../../schemas/hal.js';
import { SpecError } from '../errors.js';
import { systemCode } from './failure.js';
import { mockAnswer } from './hal-mock-routes.js';

export interface MockOptions {
  readonly mode: MockMode;
  /** 0 takes a free one. */
  readonly port: number;
  /** How long `slow` takes for each answer. */
  readonly slowMs?: number;
}

export interface HalMock {
  readonly url: string;
  /** Ends every connection. */
  close(): Promise<void>;
}

const SLOW_MS = 60_000;

/** Serves a Radarr-like API on 127.0.0.1, for demos and CI. Throws INVALID_ARGUMENT when the port is taken. */
export async function startHalMock({ mode, port, slowMs = SLOW_MS }: MockOptions): Promise<HalMock> {
  const closing = new AbortController();
  let requests = 0;
  const server = createServer((request, response) => {
    const before = requests++;
    request.resume();
    void pause(mode === 'slow' ? slowMs : 0, closing.signal).then(() =>
      answer(request, response, mode, before),
    );
  });
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (systemCode(error) !== 'EADDRINUSE') throw error;
    throw new SpecError(
      'INVALID_ARGUMENT',
      `Port ${port} is taken. Name another with --port, or 0 for any free one.`,
    );
  }
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    async close() {
      const closed = once(server, 'close');
      closing.abort();
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return ms === 0 ? Promise.resolve() : delay(ms, undefined, { signal }).catch(() => {});
}

function answer(request: IncomingMessage, response: ServerResponse, mode: MockMode, before: number): void {
  const asked = `http://mock${request.url ?? '/'}`;
  const url = new URL(URL.canParse(asked) ? asked : 'http://mock/');
  const { status, type, body } = mockAnswer(
    {
      method: request.method ?? 'GET',
      pathname: url.pathname,
      query: url.searchParams,
      hasKey: [request.headers['x-api-key'], request.headers['apikey']].some(
        key => key !== undefined && key !== '',
      ),
      before,
    },
    mode,
  );
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}
