import type { Agent, AgentRole } from '../../../schemas/settings.js';
import type { CommandEnd } from '../../workspace/command.js';
import type { Operator } from '../../workspace/operator.js';
import type { PrivateFolder } from '../../workspace/private-folder.js';
import type { Workspace } from '../../workspace/workspace.js';
import {
  type AgentAnswer,
  type AgentFailure,
  type AgentRequest,
  failedReply,
  NO_REPLY,
  type Reply,
} from '../agent.js';
import { type Endpoint, endpointOf } from '../endpoint.js';
import { type Key, keyOf } from '../key.js';
import { type Addressed, answerOf, modelOf, unasked } from '../tries.js';
import { claude } from './claude.js';
import type { Cli, Output } from './cli.js';
import { codex } from './codex.js';
import { geminiCli } from './gemini.js';
import { homesOf } from './homes.js';

/** An answer of 2 MB may come twice in the output, escaped. */
export const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const MAX_ERROR_BYTES = 1024 * 1024;

const clis = [codex, claude, geminiCli];

/** No word of it can be taken for an option or another word. */
const MODEL = /^[A-Za-z0-9][\w.:/@+-]*$/;

/** All that is needed to ask a program. */
export interface CliPlan extends Addressed {
  readonly cli: Cli;
  readonly model: string | undefined;
  readonly key: Key | undefined;
  readonly endpoint: Endpoint | undefined;
}

/** Which program would be asked and how, or what the configuration lacks. Starts nothing. */
export function planCli(
  workspace: Workspace,
  request: Pick<AgentRequest, 'role' | 'agent'>,
): { readonly plan: CliPlan } | { readonly failure: AgentFailure } {
  const { role, agent } = request;
  const cli = clis.find(({ name }) => name === agent.cli);
  if (cli === undefined)
    return wrong(`[agents.${role}] has mode "cli" and no cli. Add cli = "codex", "claude" or "gemini".`);
  const model = modelOf(workspace, request);
  if (model !== undefined && !MODEL.test(model))
    return wrong(
      `The model of [agents.${role}] holds characters that no model has. Set model to its exact id.`,
    );
  const access = accessOf(workspace.operator, role, agent, cli);
  if ('failure' in access) return access;
  return { plan: { cli, model, ...access, provider: `cli ${cli.name}`, modelRequested: model ?? null } };
}

/** With what and where the program speaks to its provider: a key, or the login of the person at the usual address. */
function accessOf(
  operator: Operator,
  role: AgentRole,
  agent: Agent,
  cli: Cli,
): Pick<CliPlan, 'key' | 'endpoint'> | { readonly failure: AgentFailure } {
  const at = agent.base_url === undefined ? undefined : endpointOf(role, agent, cli.baseUrl);
  if (at !== undefined && 'failure' in at) return at;
  const foreign = at !== undefined && !at.endpoint.own;
  const found = keyOf(operator, role, agent, foreign ? [] : cli.keys);
  if ('failure' in found) return found;
  const keyless = foreign ? cli.keyless && at.endpoint.local : cli.login;
  if (found.key !== undefined || keyless) return { key: found.key, endpoint: at?.endpoint };
  const where = foreign ? ` at ${at.endpoint.host}` : '';
  return wrong(
    `${cli.name} has no key that it could use${where}. Name the variable of one with key_env under [agents.${role}].`,
  );
}

function wrong(message: string): { readonly failure: AgentFailure } {
  return { failure: { code: 'config', message } };
}

/**
 * Starts the program once, in a folder of its own, without tools, servers or a session. It is not started again: it
 * tries once more by itself what may pass. Never throws for what it does.
 */
export async function askCli(workspace: Workspace, request: AgentRequest): Promise<AgentAnswer> {
  const planned = planCli(workspace, request);
  if ('failure' in planned) {
    const addressed = { provider: `cli ${request.agent.cli ?? ''}`.trim(), modelRequested: null };
    return unasked(workspace, addressed, planned.failure.code, planned.failure.message);
  }
  const { plan } = planned;
  if (request.prompt.length > plan.cli.maxPromptChars)
    return unasked(
      workspace,
      plan,
      'too_large',
      `The prompt has more than the ${plan.cli.maxPromptChars} characters that ${plan.cli.name} takes. Lower context_tokens.`,
    );
  const folder = workspace.openPrivateFolder();
  try {
    const { end, output } = await start(workspace, request, plan, folder);
    const reply = judge(plan.cli, end, output, request);
    return answerOf(workspace, plan, [{ ...reply, latencyMs: end.durationMs, retryAfterMs: null }]);
  } finally {
    folder.remove();
  }
}

async function start(
  { runCommand, operator }: Workspace,
  { agent, system, schema, prompt, signal }: AgentRequest,
  { cli, model, key, endpoint }: CliPlan,
  folder: PrivateFolder,
): Promise<{ readonly end: CommandEnd; readonly output: Output }> {
  const launch = cli.launch({ agent, system, schema, model, key, endpoint, folder: folder.path });
  for (const [name, text] of Object.entries(launch.files)) folder.write(name, text);
  folder.write('prompt.txt', prompt);
  const end = await runCommand({
    argv: [cli.name, ...launch.args],
    env: { ...homesOf(operator, cli), TMPDIR: folder.path, ...launch.env },
    folder: folder.path,
    input: 'prompt.txt',
    log: 'stdout.txt',
    errorLog: 'stderr.txt',
    maxLogBytes: MAX_OUTPUT_BYTES,
    timeoutMs: agent.timeout,
    signal,
  });
  const text = (name: string, maxBytes: number) => folder.read(name, maxBytes).toString();
  const output = {
    stdout: text('stdout.txt', MAX_OUTPUT_BYTES),
    stderr: text('stderr.txt', MAX_ERROR_BYTES),
    exitCode: end.exitCode,
  };
  return { end, output };
}

function judge(
  cli: Cli,
  { ending, reason }: CommandEnd,
  output: Output,
  { role, agent }: AgentRequest,
): Reply {
  if (ending === 'cancelled') return failedReply('cancelled', `${cli.name} ${reason}`);
  if (ending === 'not_started')
    return failedReply(
      'not_started',
      `${cli.name} ${reason} Install it, or choose another mode under [agents.${role}].`,
    );
  if (ending === 'truncated')
    return failedReply('too_large', `${cli.name} was ended: it printed more than an answer may have.`);
  const reply = cli.read(output);
  if (reply?.text != null) return reply;
  if (ending === 'timeout')
    return failedReply(
      'timeout',
      `${cli.name} did not answer within ${agent.timeout} ms and was ended. Raise timeout under [agents.${role}], or ask for less.`,
    );
  return reply?.failure == null ? { ...(reply ?? NO_REPLY), failure: silence(cli.name, reason) } : reply;
}

function silence(name: string, reason: string): AgentFailure {
  const message = `${name} ${reason.replace(/\.$/, '')} and gave no answer. Try it in a terminal.`;
  return { code: 'malformed', message };
}
