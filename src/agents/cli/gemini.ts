import * as z from 'zod';
import { geminiUsage, sumUsage } from '../../consensus/usage.js';
import { NO_REPLY, type Reply } from '../agent.js';
import { Name } from '../http/wire.js';
import { byStatus, byWords, type Cli, type Output, parseJson } from './cli.js';

/** Its exit code when there is nothing to log in with. */
const NO_LOGIN = 41;

const SETTINGS = {
  security: { auth: { selectedType: 'gemini-api-key' } },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
  general: { maxAttempts: 2, retryFetchErrors: false, enableAutoUpdate: false },
  tools: { core: ['__none__'] },
  mcp: { allowed: ['__none__'] },
  skills: { enabled: false },
  hooksConfig: { enabled: false },
  model: { maxSessionTurns: 3 },
};

const Answer = z.object({
  session_id: Name,
  response: z.string(),
  stats: z
    .object({
      models: z.record(z.string().max(200), z.object({ tokens: z.unknown() })),
    })
    .nullish()
    .catch(null),
});

const Failure = z.object({
  error: z.object({ message: z.string(), code: z.number().nullish().catch(null) }),
});

export const geminiCli: Cli = {
  name: 'gemini',
  keys: ['GEMINI_API_KEY'],
  // Personal logins ended in June 2026, and those of companies need settings of the person.
  login: false,
  keyless: false,
  homes: [],
  baseUrl: 'https://generativelanguage.googleapis.com',
  maxPromptChars: Number.POSITIVE_INFINITY,
  launch: ({ folder, model, key, endpoint, system }) => ({
    args: [
      ...['-o', 'json', '--skip-trust', '--approval-mode', 'default'],
      ...['--allowed-mcp-server-names', '__none__', '-e', 'none'],
      ...(model === undefined ? [] : ['-m', model]),
    ],
    env: {
      GEMINI_CLI_NO_RELAUNCH: 'true',
      GEMINI_SYSTEM_MD: `${folder}/system.md`,
      // It always writes the session; its errors, with the whole request, go to the folder for temporary files.
      GEMINI_CLI_HOME: `${folder}/home`,
      ...(endpoint === undefined ? {} : { GOOGLE_GEMINI_BASE_URL: `${endpoint.origin}${endpoint.basePath}` }),
      ...(key === undefined ? {} : { GEMINI_API_KEY: key.value }),
    },
    files: { 'system.md': system, 'home/.gemini/settings.json': JSON.stringify(SETTINGS) },
  }),
  read(output) {
    const parsed = Answer.safeParse(parseJson(output.stdout));
    if (!parsed.success) return failureOf(output);
    const { response, session_id, stats } = parsed.data;
    const models = Object.entries(stats?.models ?? {}).map(
      ([name, { tokens }]) => [name, geminiUsage(tokens)] as const,
    );
    const [[served] = []] = models.toSorted(([, a], [, b]) => (b.output ?? 0) - (a.output ?? 0));
    return {
      ...NO_REPLY,
      text: response,
      modelServed: Name.parse(served),
      requestId: session_id,
      usage: models.length === 0 ? null : sumUsage(models.map(([, usage]) => usage)),
    };
  },
  status: undefined,
};

/** Of an error, stdout has nothing and stderr ends with JSON. */
function failureOf({ stderr, exitCode }: Output): Reply | undefined {
  const tail = stderr.slice(-65_536);
  const starts = [...tail.matchAll(/^\{/gm)].slice(-16).map(({ index }) => index);
  const found = starts.map(start => Failure.safeParse(parseJson(tail.slice(start))).data).find(each => each);
  const status = found?.error.code ?? 0;
  if (/API key not valid|API_KEY_INVALID/.test(found?.error.message ?? '')) return byStatus('gemini', 401);
  if (status >= 400 && status <= 599) return byStatus('gemini', status);
  if (exitCode === NO_LOGIN || status === NO_LOGIN) return byWords('gemini', 'not logged in');
  return byWords('gemini', found?.error.message ?? tail.slice(-4000));
}
