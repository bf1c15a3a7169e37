import type { HalRequest } from '../../schemas/hal.js';
import type { HttpRequest } from '../workspace/http.js';
import { createFiller, type Filler, type Resolve, type Unfilled } from './placeholders.js';
import type { Target } from './target.js';

export type Filled = Pick<HttpRequest, 'origin' | 'method' | 'path' | 'headers' | 'body'>;

const SENDABLE = /^[\t\x20-\x7e]*$/;

/** The request of a check as it goes over the wire, or why it cannot be made. */
export function fillRequest(check: HalRequest, target: Target, resolve: Resolve): Filled | Unfilled {
  const filler = createFiller(resolve);
  const { origin, basePath } = target;
  const url = new URL(`${origin}${basePath}${filler.text(check.path, encodeURIComponent)}`);
  for (const [name, value] of Object.entries(check.query))
    url.searchParams.append(name, filler.text(String(value)));
  const headers = Object.fromEntries(
    Object.entries(check.headers).map(([name, value]) => [name, filler.text(value)]),
  );
  const body = bodyOf(check, filler);
  const problem = filler.problem() ?? unsendable(headers) ?? exposed(filler, target);
  if (problem !== undefined) return problem;
  return {
    origin,
    method: check.method,
    path: `${url.pathname}${url.search}`,
    headers: { ...contentType(check), ...headers },
    body,
  };
}

/** A text that is meant as JSON gets its values escaped as JSON, so that a quote in a secret stays part of it. */
function bodyOf({ body }: HalRequest, filler: Filler): string | undefined {
  if (body === undefined) return undefined;
  if (typeof body !== 'string') return JSON.stringify(filler.json(body));
  return looksLikeJson(body)
    ? filler.text(body, value => JSON.stringify(value).slice(1, -1))
    : filler.text(body);
}

function contentType({ body, headers }: HalRequest): Readonly<Record<string, string>> {
  if (body === undefined || Object.keys(headers).some(name => name.toLowerCase() === 'content-type'))
    return {};
  return {
    'content-type':
      typeof body === 'string' && !looksLikeJson(body) ? 'text/plain; charset=utf-8' : 'application/json',
  };
}

function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

function unsendable(headers: Readonly<Record<string, string>>): Unfilled | undefined {
  const wrong = Object.entries(headers).find(([, value]) => !SENDABLE.test(value))?.[0];
  if (wrong === undefined) return undefined;
  return {
    cause: 'secret unusable',
    message: `what the header ${wrong} is filled with holds a line break or another character that no header can carry; set the variable without it`,
  };
}

function exposed(filler: Filler, { origin, secure }: Target): Unfilled | undefined {
  if (secure || !filler.usedSecret()) return undefined;
  return {
    cause: 'tls',
    message: `its request carries a secret, and ${origin} is neither https nor this machine; nothing was sent`,
  };
}
