import type { HalRequest } from '../../schemas/hal.js';
import type { HttpResponse } from '../workspace/http.js';
import { inWords } from './quoted.js';

/** GraphQL answers 200 whatever went wrong, so its own fields are what counts. */
export function speaksGraphql({ path, body }: HalRequest, { headers }: HttpResponse): boolean {
  if (/(?:^|\/)graphql\/?(?:\?|$)/i.test(path)) return true;
  if (/^\s*application\/graphql-response\+json/i.test(headers['content-type']?.[0] ?? '')) return true;
  const query = typeof body === 'object' && body !== null && 'query' in body ? body.query : undefined;
  return typeof query === 'string' && /^\s*(?:query|mutation|subscription)\b|^\s*\{/.test(query);
}

/** What is wrong with a GraphQL answer, or with one of a batch; it follows the request in a sentence. */
export function graphqlProblem(value: unknown, redact: (text: string) => string): string | undefined {
  const answers = Array.isArray(value) ? value : [value];
  if (answers.length === 0) return 'sent an empty list where a GraphQL answer belongs';
  for (const answer of answers) {
    const problem = answerProblem(answer, redact);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function answerProblem(answer: unknown, redact: (text: string) => string): string | undefined {
  if (typeof answer !== 'object' || answer === null) return 'sent no GraphQL answer';
  const { errors, data } = { errors: undefined, data: undefined, ...answer };
  if (hasErrors(errors)) return `sent GraphQL errors, the first: ${firstMessage(errors, redact)}`;
  return data === undefined || data === null ? 'sent a GraphQL answer without data' : undefined;
}

function hasErrors(errors: unknown): boolean {
  return errors !== undefined && errors !== null && !(Array.isArray(errors) && errors.length === 0);
}

function firstMessage(errors: unknown, redact: (text: string) => string): string {
  const first: unknown = Array.isArray(errors) ? errors[0] : errors;
  const message: unknown =
    typeof first === 'object' && first !== null && 'message' in first ? first.message : first;
  return inWords(message, redact);
}
