import type { Settings } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { DEFAULT_PROFILE_PATH } from './profile.js';
import { mainSecret } from './variables.js';

/** Writes a profile to start from and returns its path. Throws EXISTS, and what creating a file throws. */
export function writeProfile({ files, operator }: Workspace, { hal }: Settings): string {
  const path = hal.profile ?? DEFAULT_PROFILE_PATH;
  if (files.info(path).kind !== 'missing')
    throw new SpecError(
      'EXISTS',
      `${path} exists already and was left as it is. Edit it, or move it away first.`,
    );
  const text = `${JSON.stringify(template(`{secrets.${mainSecret(operator, hal, [])}}`), null, 2)}\n`;
  files.create(path, Buffer.from(text));
  return path;
}

/** JSON has no comments: `$comment` at the top and `description` of a check are for people, and nothing reads them. */
function template(key: string) {
  const headers = { 'X-Api-Key': key };
  return {
    $comment: [
      'HAL smoke checks: name -> request. spec-kit-mcp sends each to the base URL and to nowhere else.',
      'Texts may hold {secrets.NAME} (the environment variable HAL_SECRET_NAME, or one listed in [hal] secret_env) and {env.NAME}.',
      'A check passes when the status is 200 to 299, the body parses as its content type says, GraphQL has no errors, and all of "expect" holds.',
      'expect: status (one or a list), json (path -> equals or exists), header (name -> value, or equals or exists), maxMs. retry: tries while refused.',
    ],
    health: {
      description: 'Answers 200 also when degraded, so the status in the body is what counts.',
      method: 'GET',
      path: '/health',
      expect: { status: 200, json: { status: { equals: 'ok' } }, maxMs: 5000 },
    },
    list_movies: {
      description: 'A list that only a valid key gets to see.',
      method: 'GET',
      path: '/api/v3/movie',
      headers,
      query: { page: 1, limit: 50 },
      expect: { json: { '$[0].id': { exists: true } } },
    },
    indexer_test: {
      description: 'Something the API does through others.',
      method: 'POST',
      path: '/api/v3/indexer/test',
      headers,
      body: {},
    },
    graphql_ping: {
      description: 'GraphQL errors fail it even with status 200.',
      method: 'POST',
      path: '/graphql',
      headers,
      body: { query: 'query { __typename }' },
      expect: { json: { 'data.__typename': { exists: true } } },
    },
  };
}
