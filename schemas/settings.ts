import * as z from 'zod';
import { BaselineMode } from './guardrail.js';

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

const Command = z.strictObject({
  argv: z
    .array(z.string().min(1).max(4096), 'must be a list of words such as ["npm", "test"]; there is no shell')
    .min(1, 'must name a program')
    .max(256),
  timeout: Duration.default(600_000),
  quick: z.boolean().default(false),
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
});
export type Settings = z.output<typeof Settings>;
