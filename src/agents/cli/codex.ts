import * as z from 'zod';
import { openAiUsage } from '../../consensus/usage.js';
import { NO_REPLY, type Reply } from '../agent.js';
import { Name, reported } from '../http/wire.js';
import { byStatus, byWords, type Cli, type CliAsked, cutOff, parseJson } from './cli.js';

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The provider of our own that a key goes to: it is tried once more, where the built-in one is tried thirty times. */
const PROVIDER = 'spec_kit';

const FEATURES = [
  'shell_tool',
  'unified_exec',
  'plugins',
  'apps',
  'goals',
  'hooks',
  'multi_agent',
  'tool_suggest',
  'skill_search',
  'view_image',
  'unbounded_connection_retries',
];

const Event = z.union([
  z.object({ type: z.literal('thread.started'), thread_id: Name }),
  z.object({
    type: z.literal('item.completed'),
    item: z.object({ type: z.string(), text: z.string().optional() }),
  }),
  z.object({
    type: z.literal('turn.completed'),
    usage: z.unknown().optional(),
  }),
  z.object({ type: z.literal('turn.failed'), error: z.object({ message: z.string() }) }),
  z.object({ type: z.literal('error'), message: z.string() }),
]);
type Event = z.output<typeof Event>;

export const codex: Cli = {
  name: 'codex',
  keys: ['CODEX_API_KEY'],
  login: true,
  keyless: true,
  homes: ['CODEX_HOME'],
  baseUrl: 'https://api.openai.com/v1',
  maxPromptChars: 1_048_576,
  launch(asked) {
    const own = asked.key !== undefined || asked.endpoint !== undefined;
    return {
      args: [
        ...[
          'exec',
          '--json',
          '--ephemeral',
          '--ignore-user-config',
          '--ignore-rules',
          '--skip-git-repo-check',
        ],
        ...['--color', 'never', '-s', 'read-only', '-C', asked.folder],
        ...(asked.model === undefined ? [] : ['-m', asked.model]),
        ...Object.entries({ ...settingsOf(asked), ...(own ? providerOf(asked) : {}) }).flatMap(
          ([key, value]) => ['-c', `${key}=${JSON.stringify(value)}`],
        ),
        ...FEATURES.flatMap(feature => ['--disable', feature]),
        ...['--output-schema', `${asked.folder}/schema.json`, '-'],
      ],
      // With a key nothing of the person's own is used.
      env: own ? { CODEX_HOME: `${asked.folder}/home`, ...keyOf(asked) } : {},
      files: {
        'system.md': asked.system,
        'schema.json': JSON.stringify(asked.schema),
        ...(own ? { 'home/config.toml': '' } : {}),
      },
    };
  },
  read({ stdout, stderr }) {
    const events = stdout.split('\n').flatMap(line => readEvent(line) ?? []);
    const ends = events.filter(({ type }) => type === 'turn.completed' || type === 'turn.failed');
    const end = ends.at(-1);
    const text = events.reduce<string | null>((last, event) => messageOf(event) ?? last, null);
    if (end?.type !== 'turn.completed' || text === null) return failureOf(events, text, stderr);
    return { ...NO_REPLY, text, requestId: threadOf(events), usage: reported(openAiUsage, end.usage) };
  },
  status: { args: ['login', 'status'], loggedIn: ({ exitCode }) => exitCode === 0 },
};

function settingsOf({ agent, folder }: CliAsked): Readonly<Record<string, string | number | boolean>> {
  const effort = EFFORTS.find(each => each === agent.reasoning_mode);
  return {
    ...(effort === undefined ? {} : { model_reasoning_effort: effort }),
    web_search: 'disabled',
    'shell_environment_policy.inherit': 'core',
    'analytics.enabled': false,
    check_for_update_on_startup: false,
    project_doc_max_bytes: 0,
    'skills.bundled.enabled': false,
    include_permissions_instructions: false,
    include_environment_context: false,
    model_instructions_file: `${folder}/system.md`,
  };
}

function providerOf({ endpoint, key }: CliAsked): Readonly<Record<string, string | number>> {
  const at = `model_providers.${PROVIDER}`;
  return {
    model_provider: PROVIDER,
    [`${at}.name`]: PROVIDER,
    [`${at}.base_url`]:
      endpoint === undefined ? codex.baseUrl : `${endpoint.origin}${endpoint.basePath || '/v1'}`,
    [`${at}.wire_api`]: 'responses',
    [`${at}.request_max_retries`]: 1,
    [`${at}.stream_max_retries`]: 0,
    ...(key === undefined ? {} : { [`${at}.env_key`]: 'CODEX_API_KEY' }),
  };
}

function keyOf({ key }: CliAsked): Readonly<Record<string, string>> {
  return key === undefined ? {} : { CODEX_API_KEY: key.value };
}

function readEvent(line: string): Event | undefined {
  return line.startsWith('{') ? Event.safeParse(parseJson(line)).data : undefined;
}

function messageOf(event: Event): string | undefined {
  return event.type === 'item.completed' && event.item.type === 'agent_message' ? event.item.text : undefined;
}

function threadOf(events: readonly Event[]): string | null {
  return events.reduce<string | null>(
    (id, event) => (event.type === 'thread.started' ? event.thread_id : id),
    null,
  );
}

/** The last thing that went wrong, as it says: "unexpected status 401 Unauthorized: ...". */
function failureOf(events: readonly Event[], text: string | null, stderr: string): Reply | undefined {
  const said = events.reduce((last, event) => {
    if (event.type === 'turn.failed') return event.error.message;
    return event.type === 'error' ? event.message : last;
  }, '');
  if (/max_output_tokens/.test(said))
    return text === null ? cutOff('codex') : { ...NO_REPLY, text, finish: 'length' };
  const status = /\bstatus:? (\d{3})\b/.exec(said.slice(0, 4000))?.[1];
  if (status !== undefined) return byStatus('codex', Number(status));
  return byWords('codex', said === '' ? stderr.slice(-4000) : said);
}
