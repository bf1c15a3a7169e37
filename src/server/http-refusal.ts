import type { IncomingMessage, ServerResponse } from 'node:http';

/** Why a request is not served. `code` is the JSON-RPC error code. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const INTERNAL_ERROR = -32603;
const SERVER_ERROR = -32000;

/** How much of an unwanted body is still taken in, so that a client that is sending gets to read the answer. */
const DRAIN_BYTES = 8 * 1024 * 1024;
const DRAIN_MS = 2000;

export function refusal(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  code = SERVER_ERROR,
): Refusal {
  return { status, code, message, headers };
}

/** Answers with a JSON-RPC error; a connection whose body was not read to its end is closed. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, code, message, headers }: Refusal,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const unread = !request.complete;
  response.writeHead(status, {
    'content-type': 'application/json',
    ...headers,
    ...(unread && { connection: 'close' }),
  });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }));
  if (unread) drain(request);
}

function drain(request: IncomingMessage): void {
  let left = DRAIN_BYTES;
  const end = () => request.destroy();
  const timer = setTimeout(end, DRAIN_MS).unref();
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) end();
  });
  request.on('close', () => clearTimeout(timer));
  request.on('error', () => {});
  request.resume();
}
