/** A variable of the environment that an operator may set. */
export interface EnvironmentName {
  readonly name: string;
  /** What to write there. */
  readonly value: string;
  /** What holds when it is not set. */
  readonly unset: string;
  readonly effect: string;
}

const ON = '`1`, `true`, `yes` or `on`';
const OFF = '`0`, `false`, `no` or `off`';

/** A prompt names a model in any case; only a configured one is ever asked for. */
function modelUnset(role: string, named: string): string {
  return `\`[agents.${role}] model\`. Without that too, mode http is refused, mode cli leaves it to the program, and prompts name ${named}`;
}

/**
 * Every variable that changes what this product does; docs/environment.md is made of it. Variables that a committed file names
 * (`key_env`, `secret_env`, HAL placeholders) are not among them.
 */
export const ENVIRONMENT = [
  {
    name: 'SPEC_OPS_ALLOW_DIRTY',
    value: ON,
    unset: 'uncommitted files fail the check clean-tree',
    effect: 'They are waived; the waiver is in the evidence. It allows nothing else.',
  },
  {
    name: 'SPEC_OPS_BASELINE_ALLOW_FAIL',
    value: ON,
    unset: 'a failed baseline command fails the plan stage',
    effect: 'Its failure is waived and still recorded as `baseline.status: failed`.',
  },
  {
    name: 'SPEC_OPS_POLICY_PREFILTER_CMD',
    value: 'a command line; no shell, so no pipes and no variables',
    unset: 'the command that `[policy] prefilter` names',
    effect:
      'It runs as the prefilter of every stage, also in a workspace that nobody trusted. Empty is not a pass.',
  },
  {
    name: 'SPEC_OPS_POLICY_FINAL_CMD',
    value: 'a command line; no shell, so no pipes and no variables',
    unset: 'the command that `[policy] final` names',
    effect:
      'It runs as the final policy of every stage, also in a workspace that nobody trusted. Empty is not a pass.',
  },
  {
    name: 'SPEC_OPS_CARGO_MANIFEST',
    value: 'path of a Cargo.toml, as Cargo takes it',
    unset: 'Cargo finds its own',
    effect:
      'Configured `cargo` commands get `--manifest-path` with it, unless they have one. The check says so.',
  },
  {
    name: 'SPEC_OPS_HAL_SKIP',
    value: ON,
    unset: 'HAL checks run',
    effect: 'No HAL check runs, which is a waiver and never a pass.',
  },
  {
    name: 'SPEC_OPS_TELEMETRY_HAL',
    value: OFF,
    unset: 'telemetry has `hal.summary` whenever HAL ran',
    effect: 'Telemetry goes without it; the checks stay.',
  },
  {
    name: 'SPEC_OPS_HAL_BASE_URL',
    value: 'scheme, host and port, such as `http://127.0.0.1:7878`',
    unset: '`[hal] base_url`, hal_config.toml, else `http://127.0.0.1:7878`',
    effect: 'HAL asks this API and no other.',
  },
  {
    name: 'SPEC_OPS_HAL_SECRET_ENV',
    value: 'the name of a variable, never a key',
    unset: '`[hal] secret_env`, hal_config.toml, else `HAL_SECRET_KAVEDARR_API_KEY`',
    effect: 'The API key is read from the variable of this name.',
  },
  {
    name: 'SPEC_OPS_HAL_EVIDENCE_DIR',
    value: 'a folder of the workspace',
    unset: 'captures are in the evidence alone',
    effect: 'A copy of every capture is put there, too.',
  },
  {
    name: 'SPEC_KIT_TELEMETRY_ENABLED',
    value: OFF,
    unset: 'consensus evidence has a line of telemetry (schema v2)',
    effect: 'It goes without that line; agents, synthesis and metrics stay.',
  },
  {
    name: 'CONSENSUS_MODEL_GEMINI',
    value: 'a model id',
    unset: modelUnset('gemini', 'gemini-2.5-pro'),
    effect: 'The model that is asked for in the role gemini.',
  },
  {
    name: 'CONSENSUS_MODEL_CLAUDE',
    value: 'a model id',
    unset: modelUnset('claude', 'claude-4.5-sonnet'),
    effect: 'The model that is asked for in the role claude.',
  },
  {
    name: 'CONSENSUS_MODEL_GPT_PRO',
    value: 'a model id',
    unset: modelUnset('gpt_pro', 'gpt-5'),
    effect: 'The model that is asked for in the role gpt_pro.',
  },
  {
    name: 'CONSENSUS_MODEL_GPT_CODEX',
    value: 'a model id',
    unset: modelUnset('gpt_codex', 'gpt-5-codex'),
    effect: 'The model that is asked for in the role gpt_codex.',
  },
  {
    name: 'OPENAI_API_KEY',
    value: 'a key',
    unset: 'no key',
    effect:
      'With `mode = "http"` the key of an agent at api.openai.com that names no other with `key_env`. It goes to no other host.',
  },
  {
    name: 'ANTHROPIC_API_KEY',
    value: 'a key',
    unset: 'no key',
    effect: 'The same at api.anthropic.com, and with `mode = "cli"` for Claude Code.',
  },
  {
    name: 'GEMINI_API_KEY',
    value: 'a key',
    unset: 'no key',
    effect: 'The same at generativelanguage.googleapis.com, and for Gemini CLI.',
  },
  {
    name: 'CODEX_API_KEY',
    value: 'a key',
    unset: 'the login of Codex',
    effect: 'The key of an agent with `cli = "codex"`.',
  },
  {
    name: 'CLAUDE_CODE_OAUTH_TOKEN',
    value: 'a token of a subscription',
    unset: 'the login of Claude Code',
    effect: 'The token of an agent with `cli = "claude"`, when there is no key.',
  },
  {
    name: 'CODEX_HOME',
    value: 'a folder',
    unset: '`~/.codex`',
    effect: 'Where Codex finds its login.',
  },
  {
    name: 'CLAUDE_CONFIG_DIR',
    value: 'a folder',
    unset: '`~/.claude`',
    effect: 'Where Claude Code finds its login.',
  },
  {
    name: 'SPEC_KIT_TRUST',
    value: 'hex sha256 of the bytes of spec-kit.toml',
    unset: 'commands run only after `spec-kit-mcp trust`',
    effect: 'The commands of exactly this file run. Made for CI.',
  },
  {
    name: 'SPEC_KIT_HTTP_TOKEN',
    value: 'the bearer token of `serve --http`',
    unset: 'a token is made once and kept in a file that you alone can read',
    effect: 'Requests must carry it.',
  },
  {
    name: 'SPEC_KIT_SKIP_HOOK',
    value: 'anything',
    unset: 'the hook of `spec-kit-mcp hooks install` verifies the evidence before a push',
    effect: 'The hook lets the push go on without a look.',
  },
  {
    name: 'XDG_CONFIG_HOME',
    value: 'a folder',
    unset: '`~/.config`',
    effect: 'Trust and the HTTP token are kept in `spec-kit-mcp` there.',
  },
] as const satisfies readonly EnvironmentName[];
