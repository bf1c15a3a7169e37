import * as z from 'zod';
import { STAGES } from './ids.js';
import { BaselineMode } from './inputs/checks.js';

const relativePath = z
  .string()
  .min(1)
  .max(512)
  .regex(
    /^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\\\0]+$/,
    'must be a path inside the workspace, relative to its root',
  );

/** "90s", "10m", "1h": a whole number above 0 and its unit. The value is milliseconds. */
const Duration = z
  .string()
  .regex(
    /^[1-9]\d{0,5}(ms|s|m|h)$/,
    'must be a whole number above 0 with a unit, such as "90s", "10m" or "1h"',
  )
  .transform(
    text =>
      Number.parseInt(text, 10) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[text.replace(/\d+/, '')] ?? 1),
  );

const CommandName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, 'must be a command name: lower-case letters, digits, - and _');

export const REPORT_FORMATS = ['junit', 'tap', 'vitest-json', 'cargo'] as const;

/** A file that a command writes, from which the number of tests really executed is read. */
const TestReport = z.strictObject({ format: z.enum(REPORT_FORMATS), path: relativePath });
export type TestReport = z.output<typeof TestReport>;

const Command = z.strictObject({
  argv: z
    .array(z.string().min(1).max(4096), 'must be a list of words such as ["npm", "test"]; there is no shell')
    .min(1, 'must name a program')
    .max(256),
  timeout: Duration.default(600_000),
  quick: z.boolean().default(false),
  report: TestReport.optional(),
  /** Fewer executed tests than this are not a pass. Needs a report. Default 1 where there is one. */
  min_tests: z.int().min(0).max(10_000_000).optional(),
});
export type Command = z.output<typeof Command>;

const EnvName = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]{0,127}$/,
    'must be the name of an environment variable, such as HAL_SECRET_API_KEY, never a key itself',
  );

const HostName = z
  .string()
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])$/,
    'must be a host name or IP address in lower case, without scheme and port',
  );

const Hal = z.strictObject({
  profile: relativePath.optional(),
  base_url: z.string().min(1).max(2048).optional(),
  /** Variables that `{secrets.NAME}` may name beside HAL_SECRET_*; the first one holds the API key. */
  secret_env: z.union([EnvName, z.array(EnvName).min(1).max(16)]).optional(),
  /** Variables that `{env.NAME}` may name beside HAL_*. */
  env: z.array(EnvName).max(32).default([]),
  allow_hosts: z.array(HostName).max(32).default([]),
  start: CommandName.optional(),
  timeout: Duration.default(10_000),
  deadline: Duration.default(60_000),
  ready: Duration.default(30_000),
});

export const AGENT_ROLES = ['gemini', 'claude', 'gpt_pro', 'gpt_codex'] as const;
export const AgentRole = z.enum(AGENT_ROLES);
export type AgentRole = z.output<typeof AgentRole>;

/** Who plays a role. `client`: the calling agent answers; `http`: a provider's API; `cli`: a program of the person's. */
export const Agent = z.strictObject({
  mode: z.enum(['client', 'http', 'cli']).default('client'),
  api: z.enum(['openai-responses', 'chat-completions', 'anthropic', 'gemini']).optional(),
  base_url: z.string().min(1).max(2048).optional(),
  model: z.string().min(1).max(128).optional(),
  model_release: z.string().min(1).max(64).optional(),
  reasoning_mode: z.string().min(1).max(32).optional(),
  /** Name of the variable that holds the key, never the key. */
  key_env: EnvName.optional(),
  cli: z.enum(['codex', 'claude', 'gemini']).optional(),
  timeout: Duration.default(240_000),
  max_output_tokens: z.int().min(1).max(1_000_000).default(32_000),
});
export type Agent = z.output<typeof Agent>;

/** What a stage, or a whole run of the pipeline, may cost; checked before each call. */
const Budget = z.strictObject({
  usd: z.number().min(0).optional(),
  seconds: z.number().min(0).optional(),
  tokens: z.int().min(0).optional(),
});
export type Budget = z.output<typeof Budget>;

/** US dollars for a million tokens of a model, by its exact id. */
const Price = z.strictObject({
  input: z.number().min(0),
  output: z.number().min(0),
  cached_input: z.number().min(0).optional(),
  cache_write: z.number().min(0).optional(),
});

const Consensus = z.strictObject({
  /** Tokens of context that a prompt may carry, estimated. */
  context_tokens: z.int().min(1_000).max(2_000_000).default(60_000),
  /** One more round with the arbiter, on conflict findings alone. */
  escalate: z.boolean().default(false),
  prompts: relativePath.default('docs/spec-kit/prompts.json'),
});

/** spec-kit.toml. Unknown keys are errors. */
export const Settings = z.strictObject({
  workspace: z
    .strictObject({
      evidence_root: relativePath.default('docs/SPEC-OPS-004-integrated-coder-hooks/evidence'),
      tracker: relativePath.default('SPEC.md'),
      docs_root: relativePath.default('docs'),
      layout: z.literal('spec-ops').default('spec-ops'),
    })
    .prefault({}),
  commands: z.record(CommandName, Command).default({}),
  guardrail: z
    .strictObject({
      plan: z
        .strictObject({
          baseline: z.array(CommandName).optional(),
          baseline_mode: BaselineMode.optional(),
          session_start: CommandName.optional(),
        })
        .prefault({}),
      implement: z.strictObject({ file_hook: CommandName.optional() }).prefault({}),
      validate: z.strictObject({ scenarios: z.array(CommandName).max(100).default([]) }).prefault({}),
    })
    .prefault({}),
  policy: z
    .strictObject({
      prefilter: CommandName.optional(),
      final: CommandName.optional(),
      gate: z.boolean().default(true),
    })
    .prefault({}),
  hal: Hal.prefault({}),
  agents: z.partialRecord(AgentRole, Agent.prefault({})).default({}),
  consensus: Consensus.prefault({}),
  budgets: z.partialRecord(z.enum([...STAGES, 'run']), Budget).default({}),
  prices: z.record(z.string().min(1).max(128), Price).default({}),
});
export type Settings = z.output<typeof Settings>;
