import * as z from 'zod';
import { anthropicUsage } from '../../consensus/usage.js';
import { NO_REPLY, type Reply } from '../agent.js';
import { Name, reported } from '../http/wire.js';
import { byStatus, byWords, type Cli, type CliAsked, cutOff, type Output, parseJson } from './cli.js';

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];

const Result = z.object({
  type: z.literal('result'),
  is_error: z.boolean(),
  subtype: Name,
  result: z.string().nullish().catch(null),
  structured_output: z.unknown().optional(),
  stop_reason: Name,
  terminal_reason: Name,
  api_error: Name,
  api_error_status: z.number().nullish().catch(null),
  session_id: Name,
  total_cost_usd: z.number().min(0).nullish().catch(null),
  usage: z.unknown().optional(),
  modelUsage: z
    .record(z.string().max(200), z.object({ costBasis: Name, outputTokens: z.number().catch(0) }))
    .nullish()
    .catch(null),
});
type Result = z.output<typeof Result>;

export const claude: Cli = {
  name: 'claude',
  keys: ['ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN'],
  login: true,
  keyless: false,
  homes: ['CLAUDE_CONFIG_DIR'],
  baseUrl: 'https://api.anthropic.com',
  maxPromptChars: Number.POSITIVE_INFINITY,
  launch(asked) {
    const { agent, folder, model, endpoint } = asked;
    const effort = EFFORTS.find(each => each === agent.reasoning_mode);
    const byKey = asked.key !== undefined && !isToken(asked);
    return {
      args: [
        ...['-p', '--output-format', 'json', byKey ? '--bare' : '--safe-mode', '--tools', ''],
        ...[
          '--strict-mcp-config',
          '--setting-sources',
          '',
          '--disable-slash-commands',
          '--no-session-persistence',
        ],
        ...['--system-prompt-file', `${folder}/system.md`, '--json-schema', JSON.stringify(asked.schema)],
        ...(model === undefined ? [] : ['--model', model]),
        ...(effort === undefined ? [] : ['--effort', effort]),
      ],
      env: {
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        CLAUDE_CODE_MAX_RETRIES: '1',
        CLAUDE_CODE_MAX_OUTPUT_TOKENS: `${agent.max_output_tokens}`,
        API_TIMEOUT_MS: `${agent.timeout}`,
        DISABLE_AUTOUPDATER: '1',
        ...(endpoint === undefined ? {} : { ANTHROPIC_BASE_URL: `${endpoint.origin}${endpoint.basePath}` }),
        ...keyOf(asked),
        ...(byKey ? { CLAUDE_CONFIG_DIR: `${folder}/home` } : {}),
      },
      files: { 'system.md': asked.system },
    };
  },
  read(output) {
    const parsed = Result.safeParse(parseJson(output.stdout));
    if (!parsed.success) return byWords('claude', output.stderr.slice(-4000));
    const { data } = parsed;
    const billed = {
      modelServed: servedBy(data),
      requestId: data.session_id,
      usage: reported(anthropicUsage, data.usage),
      costUsd: costOf(data),
    };
    if (data.is_error) return { ...(failureOf(data) ?? NO_REPLY), ...billed };
    return { ...NO_REPLY, ...billed, text: textOf(data), finish: finishOf(data) };
  },
  status: { args: ['auth', 'status'], loggedIn },
};

/** A token of a subscription, as opposed to a key of the API. */
function isToken({ key }: CliAsked): boolean {
  return key !== undefined && /OAUTH_TOKEN/i.test(key.name);
}

function keyOf(asked: CliAsked): Readonly<Record<string, string>> {
  if (asked.key === undefined) return {};
  return isToken(asked)
    ? { CLAUDE_CODE_OAUTH_TOKEN: asked.key.value }
    : { ANTHROPIC_API_KEY: asked.key.value };
}

/** What the schema was enforced on, else what was said. */
function textOf({ structured_output, result }: Result): string {
  if (typeof structured_output !== 'object' || structured_output === null) return result ?? '';
  try {
    return JSON.stringify(structured_output);
  } catch {
    // Nested deeper than can be written.
    return result ?? '';
  }
}

function finishOf({ stop_reason, terminal_reason }: Result) {
  if (stop_reason === 'max_tokens') return 'length';
  return stop_reason === 'end_turn' || terminal_reason === 'completed' ? 'stop' : 'unknown';
}

/** The model that wrote most, when several did. */
function servedBy({ modelUsage }: Result): string | null {
  const models = Object.entries(modelUsage ?? {});
  const [first] = models.toSorted(([, a], [, b]) => b.outputTokens - a.outputTokens);
  return Name.parse(first?.[0]);
}

/** For a model that it does not know, it makes up a price. */
function costOf({ total_cost_usd, modelUsage }: Result): number | null {
  const bases = Object.values(modelUsage ?? {}).map(({ costBasis }) => costBasis);
  return bases.length > 0 && bases.every(basis => basis === 'list') ? (total_cost_usd ?? null) : null;
}

/** `subtype` says "success" even then. */
function failureOf({ api_error, api_error_status, result, subtype, stop_reason }: Result): Reply | undefined {
  if (api_error === 'max_output_tokens') return cutOff('claude');
  if (stop_reason === 'refusal') return refusal();
  if (typeof api_error_status === 'number' && api_error_status > 0)
    return byStatus('claude', api_error_status);
  return byWords('claude', `${result ?? ''} ${subtype ?? ''}`);
}

function refusal(): Reply {
  const message = 'The model declined to answer. Look at the prompt, or bind another model to this role.';
  return { ...NO_REPLY, finish: 'refusal', failure: { code: 'refusal', message } };
}

function loggedIn({ stdout, exitCode }: Output): boolean {
  const status = z.object({ loggedIn: z.boolean() }).safeParse(parseJson(stdout));
  return status.success ? status.data.loggedIn : exitCode === 0;
}
