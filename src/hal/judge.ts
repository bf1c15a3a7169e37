import type { HalCause, HalRequest } from '../../schemas/hal.js';
import type { HttpExchange, HttpResponse } from '../workspace/http.js';
import { unmetAssertion } from './assertions.js';
import { type Body, readBody } from './body.js';
import { graphqlProblem, speaksGraphql } from './graphql.js';
import { quoted } from './quoted.js';

/** A cause and what follows "GET /health" in a sentence; a cause of undefined is a pass. */
export interface Verdict {
  readonly cause: HalCause | undefined;
  readonly words: string;
}

type Redact = (text: string) => string;

/** Whether an exchange is what the check expects: the transport first, then status, body, GraphQL and the assertions. */
export function judge(check: HalRequest, exchange: HttpExchange, redact: Redact): Verdict {
  const { response, failure } = exchange;
  if (failure !== undefined) return { cause: failure.cause, words: `${failure.reason}${after(response)}` };
  if (response === undefined) return { cause: 'connection', words: 'did not answer' };
  const status = statusProblem(check, response, redact);
  if (status !== undefined) return { cause: 'status', words: status };
  const body = readBody(response, check.method, check.expect.json !== undefined);
  if (body.kind === 'bad') return { cause: 'body', words: body.problem };
  const graphql = graphqlVerdict(check, response, body, redact);
  if (graphql !== undefined) return { cause: 'body', words: graphql };
  const assertion = unmetAssertion(check, exchange, response, body, redact);
  if (assertion !== undefined) return { cause: 'assertion', words: assertion };
  return { cause: undefined, words: `answered ${response.status} in ${exchange.durationMs} ms` };
}

/** That a status line came is worth knowing, and no reason to believe it. */
function after(response: HttpResponse | undefined): string {
  return response === undefined ? '' : `, after the status ${response.status}`;
}

function statusProblem(
  { expect }: HalRequest,
  { status, headers }: HttpResponse,
  redact: Redact,
): string | undefined {
  const wanted = expect.status === undefined ? undefined : [expect.status].flat();
  if (wanted === undefined ? status >= 200 && status <= 299 : wanted.includes(status)) return undefined;
  const location = headers['location']?.[0];
  const redirect =
    location === undefined || status < 300 || status > 399
      ? ''
      : `; redirects are not followed, and this one leads to ${quoted(location, redact)}`;
  return `answered ${status}, expected ${wanted?.join(' or ') ?? '200 to 299'}${redirect}`;
}

function graphqlVerdict(
  check: HalRequest,
  response: HttpResponse,
  body: Body,
  redact: Redact,
): string | undefined {
  const { status } = response;
  if (status < 200 || status > 299 || status === 204 || !speaksGraphql(check, response)) return undefined;
  if (body.kind !== 'json') return 'sent no JSON, which a GraphQL answer is';
  return graphqlProblem(body.value, redact);
}
