import type { IncomingMessage } from 'node:http';
import { type Refusal, refusal } from './http-refusal.js';

export const MAX_BODY = 1024 * 1024;

const METHODS = ['GET', 'POST', 'DELETE'];
const LOOPBACK_ORIGIN = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;
const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;

export function isHealthCheck({ url, method }: IncomingMessage): boolean {
  return url === '/healthz' && method === 'GET';
}

export function checkRoute({ url = '', method = '' }: IncomingMessage): Refusal | undefined {
  if (url !== '/mcp' && !url.startsWith('/mcp?')) {
    return refusal(404, 'There is nothing here; the MCP endpoint is /mcp.');
  }
  if (!METHODS.includes(method)) {
    return refusal(405, 'Method not allowed.', { allow: METHODS.join(', ') });
  }
  return undefined;
}

/**
 * Only names of this machine, with the port it listens on: a web page that had its own name resolved to 127.0.0.1
 * sends that name. Two Host headers would let two readers see two different ones.
 */
export function checkHost({ headers, rawHeaders }: IncomingMessage, port: number): Refusal | undefined {
  const count = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  const host = headers.host?.toLowerCase() ?? '';
  const allowed = ['127.0.0.1', 'localhost', '[::1]'].flatMap(name =>
    port === 80 ? [name, `${name}:80`] : [`${name}:${port}`],
  );
  return count === 1 && allowed.includes(host) ? undefined : refusal(403, 'Host not allowed.');
}

/** Programs send no Origin; a browser page must be one of this machine. `null` is what sandboxed pages send. */
export function checkOrigin({ headers: { origin } }: IncomingMessage): Refusal | undefined {
  return origin === undefined || LOOPBACK_ORIGIN.test(origin)
    ? undefined
    : refusal(403, 'Origin not allowed.');
}

/** Type, encoding and announced length of a body, before any of it is read. */
export function checkBody({ method, headers }: IncomingMessage): Refusal | undefined {
  if (method !== 'POST') return undefined;
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) {
    return refusal(415, 'The body must be application/json.');
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return refusal(415, 'Compressed bodies are not accepted.');
  return Number(headers['content-length'] ?? 0) > MAX_BODY ? tooLarge() : undefined;
}

export function tooLarge(): Refusal {
  return refusal(413, `The body is larger than ${MAX_BODY} bytes.`);
}
