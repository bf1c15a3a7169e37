import type { MockMode } from '../../schemas/hal.js';

export interface MockAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface MockQuestion {
  readonly method: string;
  readonly pathname: string;
  readonly query: URLSearchParams;
  /** An API key of any value was sent. */
  readonly hasKey: boolean;
  /** How many requests came before. */
  readonly before: number;
}

const movies = ['Metropolis', 'Nosferatu', 'The General', 'Sunrise', 'M'].map((title, index) => ({
  id: index + 1,
  title,
  monitored: index % 2 === 0,
}));

const routes: Readonly<Record<string, (question: MockQuestion, mode: MockMode) => MockAnswer>> = {
  'GET /health': (_, mode) => json({ status: mode === 'degraded' ? 'degraded' : 'ok' }),
  'GET /ping': () => json({ status: 'OK' }),
  'GET /api/v3/system/status': () => json({ appName: 'Radarr', version: '0.0.0-mock' }),
  'GET /api/v3/movie': (question, mode) => (mode === 'wrong-json' ? html() : moviePage(question)),
  'POST /api/v3/indexer/test': (_, mode) =>
    mode === 'degraded' ? json({ message: 'All indexers are unavailable' }, 503) : json({}),
  'POST /graphql': (_, mode) =>
    mode === 'graphql-errors'
      ? json({ errors: [{ message: 'Internal resolver error' }], data: null })
      : json({ data: { __typename: 'Query' } }),
};

/** What a Radarr-like API answers. Each mode but `healthy` and `slow` is unhealthy in its own way. */
export function mockAnswer(question: MockQuestion, mode: MockMode): MockAnswer {
  const { method, pathname, hasKey, before } = question;
  if (mode === 'flapping' && before % 2 === 1) return json({ error: 'Service Unavailable' }, 503);
  if (mode === 'wrong-json' && pathname === '/health') return json(['up'], 200);
  const open = pathname === '/health' || pathname === '/ping' || pathname === '/';
  if (!open && (mode === 'unauthorised' || !hasKey)) return json({ error: 'Unauthorized' }, 401);
  return routes[`${method} ${pathname}`]?.(question, mode) ?? json({ message: 'NotFound' }, 404);
}

function moviePage({ query }: MockQuestion): MockAnswer {
  const limit = Math.min(Math.max(Number(query.get('limit')) || 50, 1), 100);
  const start = (Math.max(Number(query.get('page')) || 1, 1) - 1) * limit;
  return json(movies.slice(start, start + limit));
}

function json(value: unknown, status = 200): MockAnswer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

/** As a proxy or a single-page application answers for an API that is gone, under the content type of the API. */
function html(): MockAnswer {
  return { status: 200, type: 'application/json', body: '<!doctype html><title>Radarr</title>' };
}
