import type { HalProfile, HalRequest } from '../../schemas/hal.js';

const plain = { headers: {}, query: {}, expect: {}, retry: 0 } as const;

/** The checks of a workspace without a profile. `secret` names the variable with the API key. */
export function defaultProfile(secret: string): HalProfile {
  const key = `{secrets.${secret}}`;
  const headers = { 'X-Api-Key': key, apikey: key };
  const requests = {
    health: { ...plain, method: 'GET', path: '/health' },
    list_movies: {
      ...plain,
      method: 'GET',
      path: '/api/v3/movie',
      headers,
      query: { page: 1, limit: 50 },
    },
    indexer_test: { ...plain, method: 'POST', path: '/api/v3/indexer/test', headers, body: {} },
    graphql_ping: {
      ...plain,
      method: 'POST',
      path: '/graphql',
      headers,
      body: { query: 'query { __typename }' },
    },
  } satisfies Record<string, HalRequest>;
  return requests;
}
