import { textOf } from './stub.mjs';

const NONE = { text: null, finish: 'unknown' };
const answered = (mode, calls, finish) => ({ text: textOf(mode), failure: null, calls, finish });
const failed = (failure, calls, finish = 'unknown') => ({ ...NONE, failure, calls, finish });

const HANG = { timeout: '6s' };

/**
 * What each program makes of each answer of its provider, and how often it asks. `access`: with a key (unless said), with
 * a token of a subscription, or with nothing.
 */
export const cases = {
  codex: [
    { mode: 'ok', ...answered('ok', 1, 'unknown') },
    { mode: 'fenced', ...answered('fenced', 1, 'unknown') },
    { mode: 'prose', ...answered('prose', 1, 'unknown') },
    { mode: 'truncated', ...answered('truncated', 1, 'length') },
    { mode: 401, ...failed('auth', 1) },
    { mode: 429, ...failed('rate_limited', 1) },
    { mode: 500, ...failed('server', 2) },
    { mode: 'hang', ...HANG, ...failed('timeout', 1) },
  ],
  claude: [
    { mode: 'ok', ...answered('ok', 1, 'stop') },
    { mode: 'ok', access: 'token', ...answered('ok', 1, 'stop') },
    { mode: 'fenced', ...answered('fenced', 2, 'stop') },
    { mode: 'prose', ...answered('prose', 2, 'stop') },
    { mode: 'truncated', ...failed('too_large', 4, 'length') },
    { mode: 401, ...failed('auth', 2) },
    { mode: 429, ...failed('rate_limited', 2) },
    { mode: 500, ...failed('server', 2) },
    { mode: 'hang', ...HANG, ...failed('timeout', 1) },
    { mode: 'ok', access: 'none', ...failed('auth', 0) },
  ],
  gemini: [
    { mode: 'ok', ...answered('ok', 1, 'unknown') },
    { mode: 'fenced', ...answered('fenced', 1, 'unknown') },
    { mode: 'prose', ...answered('prose', 1, 'unknown') },
    { mode: 'truncated', ...answered('truncated', 1, 'unknown') },
    { mode: 401, ...failed('auth', 1) },
    { mode: 429, ...failed('rate_limited', 2) },
    { mode: 500, ...failed('server', 2) },
    { mode: 'hang', ...HANG, ...failed('timeout', 1) },
    { mode: 'ok', access: 'none', ...failed('config', 0) },
  ],
};

/** How a person would start each program, to see that the trip-wire is one. */
export const plain = {
  codex: url => ({
    args: [
      ...['exec', '--skip-git-repo-check', '-c', 'model_provider="s"', '-c', 'model_providers.s.name="s"'],
      ...['-c', `model_providers.s.base_url="${url}/v1"`, '-c', 'model_providers.s.wire_api="responses"', 'Hello.'],
    ],
    env: {},
  }),
  claude: url => ({
    args: ['-p', 'Hello.'],
    env: { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'stub', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
  }),
  gemini: url => ({
    args: ['--skip-trust', '-p', 'Hello.'],
    env: { GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: 'stub' },
  }),
};
