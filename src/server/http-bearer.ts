import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Refusal, refusal } from './http-refusal.js';

/** Who sends a request, as a digest of the token: it names sessions and rates and gives nothing away. */
export type Principal = string;

export type Authenticated = { readonly principal: Principal } | { readonly refused: Refusal };

const REALM = 'Bearer realm="spec-kit-mcp"';

/** Checks a request's bearer token against the accepted ones, each in constant time. */
export function createBearerCheck(
  accepted: readonly string[] | 'none',
): (request: IncomingMessage) => Authenticated {
  if (accepted === 'none') return () => ({ principal: 'anyone' });
  const digests = accepted.map(digest);
  return ({ headers: { authorization } }) => {
    const token = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return challenge('A bearer token is needed.', REALM);
    const given = digest(token);
    const known = digests.filter(each => timingSafeEqual(each, given)).length > 0;
    return known
      ? { principal: given.toString('hex').slice(0, 16) }
      : challenge('The bearer token is not accepted.', `${REALM}, error="invalid_token"`);
  };
}

function challenge(message: string, authenticate: string): Authenticated {
  return { refused: refusal(401, message, { 'www-authenticate': authenticate }) };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
