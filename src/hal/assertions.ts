import type { HalRequest, JsonAssertion } from '../../schemas/hal.js';
import type { HttpExchange, HttpResponse } from '../workspace/http.js';
import type { Body } from './body.js';
import { atPath, jsonEqual, parsePath } from './json-path.js';
import { inWords, quoted } from './quoted.js';

type Redact = (text: string) => string;

/** The first assertion of a check that does not hold; it follows the request in a sentence. */
export function unmetAssertion(
  check: HalRequest,
  exchange: HttpExchange,
  response: HttpResponse,
  body: Body,
  redact: Redact,
): string | undefined {
  return (
    headerProblem(check, response, redact) ??
    jsonProblem(check, response, body, redact) ??
    timeProblem(check, exchange)
  );
}

function headerProblem(
  { expect }: HalRequest,
  { headers }: HttpResponse,
  redact: Redact,
): string | undefined {
  for (const [name, demand] of Object.entries(expect.header ?? {})) {
    const problem = unmet(demand, headers[name.toLowerCase()]?.join(', '), redact);
    if (problem !== undefined) return `has ${problem} as header ${name}`;
  }
  return undefined;
}

function jsonProblem(
  { expect }: HalRequest,
  { headers }: HttpResponse,
  body: Body,
  redact: Redact,
): string | undefined {
  if (expect.json === undefined) return undefined;
  if (body.kind === 'none') return 'sent no body, and the check asserts what is in it';
  if (body.kind !== 'json')
    return `sent ${quoted(headers['content-type']?.[0] ?? 'no content type', redact)}, and the check asserts JSON`;
  for (const [path, demand] of Object.entries(expect.json)) {
    const problem = unmet(demand, atPath(body.value, parsePath(path) ?? []), redact);
    if (problem !== undefined) return `has ${problem} at ${path}`;
  }
  return undefined;
}

/** What is there and what was expected; undefined when that is the same. */
function unmet({ equals, exists }: JsonAssertion, actual: unknown, redact: Redact): string | undefined {
  const holds = exists === undefined ? jsonEqual(actual, equals) : exists === (actual !== undefined);
  if (holds) return undefined;
  const found = actual === undefined ? 'nothing' : inWords(actual, redact);
  if (exists !== undefined) return `${found}, expected ${exists ? 'something' : 'nothing'},`;
  const expected = inWords(equals, redact);
  return `${found}, expected ${expected === found ? 'another one' : expected},`;
}

function timeProblem({ expect }: HalRequest, { durationMs }: HttpExchange): string | undefined {
  if (expect.maxMs === undefined || durationMs <= expect.maxMs) return undefined;
  return `took ${durationMs} ms, expected at most ${expect.maxMs} ms`;
}
