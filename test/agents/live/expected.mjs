import { textOf } from './stub.mjs';

const NONE = { text: null, finish: 'unknown' };

/** What each program makes of each answer of its provider, and how often it asks. */
const cases = {
  codex: {
    ok: { calls: 1, finish: 'unknown' },
    fenced: { calls: 1, finish: 'unknown' },
    prose: { calls: 1, finish: 'unknown' },
    truncated: { calls: 1, finish: 'length' },
    401: { ...NONE, calls: 1, failure: 'auth' },
    429: { ...NONE, calls: 1, failure: 'rate_limited' },
    500: { ...NONE, calls: 2, failure: 'server' },
    hang: { ...NONE, calls: 1, failure: 'timeout' },
  },
  claude: {
    ok: { calls: 1, finish: 'stop' },
    fenced: { calls: 2, finish: 'stop' },
    prose: { calls: 2, finish: 'stop' },
    truncated: { text: null, finish: 'length', calls: 4, failure: 'too_large' },
    401: { ...NONE, calls: 2, failure: 'auth' },
    429: { ...NONE, calls: 2, failure: 'rate_limited' },
    500: { ...NONE, calls: 2, failure: 'server' },
    hang: { ...NONE, calls: 1, failure: 'timeout' },
  },
  gemini: {
    ok: { calls: 1, finish: 'unknown' },
    fenced: { calls: 1, finish: 'unknown' },
    prose: { calls: 1, finish: 'unknown' },
    truncated: { calls: 1, finish: 'unknown' },
    401: { ...NONE, calls: 1, failure: 'auth' },
    429: { ...NONE, calls: 2, failure: 'rate_limited' },
    500: { ...NONE, calls: 2, failure: 'server' },
    hang: { ...NONE, calls: 1, failure: 'timeout' },
  },
};

export function expected(cli, mode) {
  const one = cases[cli][mode];
  return { text: textOf(mode) ?? null, failure: null, ...one, timeout: mode === 'hang' ? '6s' : '60s' };
}
