import { AGENT_ROLES, Agent, AgentRole } from '../../../schemas/settings.js';
import type { AgentAnswer, AgentFailureCode } from '../../agents/agent.js';
import { askAgent } from '../../agents/ask.js';
import { findLocalServers, type LocalServer } from '../../agents/local.js';
import { type Estimate, rehearse, wrongWith } from '../../agents/rehearse.js';
import { type Standing, standingsOf } from '../../agents/standing.js';
import { SpecError } from '../../errors.js';
import { loadSettings, SETTINGS_FILE } from '../../settings/load.js';
import type { Answer, Command, Parsed, Terminal } from '../command.js';
import { EXIT } from '../exit-codes.js';

export const agentsCommand: Command = {
  name: 'agents',
  summary: 'say who would play each role and why, or ask one of them a tiny question',
  takes: 'list | test ROLE',
  positionals: [1, 2],
  flags: {
    local: {
      type: 'boolean',
      help: 'list: also look for models on this machine (ports 11434, 1234 and 8000)',
    },
  },
  example: 'spec-kit-mcp agents list',
  async run(parsed, terminal) {
    const [action = '', role] = parsed.positionals;
    if (action === 'list' && role === undefined) return list(parsed, terminal);
    if (action === 'test') return ask(roleOf(role), parsed, terminal);
    throw new SpecError(
      'INVALID_ARGUMENT',
      `agents takes list, or test and a role, not "${action.slice(0, 40)}". \`spec-kit-mcp agents --help\` shows an example.`,
    );
  },
};

async function list(parsed: Parsed, terminal: Terminal): Promise<Answer> {
  const workspace = terminal.open(parsed.text('workspace'));
  const loaded = await loadSettings(workspace);
  const agents = await standingsOf(workspace, loaded, terminal.signal);
  const local = parsed.on('local') ? await findLocalServers(workspace, terminal.signal) : undefined;
  const trusted = loaded.digest !== null && workspace.trusts(loaded.digest);
  return {
    json: { workspace: workspace.label, trusted, agents, ...(local === undefined ? {} : { local }) },
    text: [
      ...agents.flatMap(describe),
      ...(local === undefined ? [] : describeLocal(local)),
      ...(agents.every(({ mode }) => mode === 'client')
        ? [`Nobody but the calling agent is asked. [agents.<role>] in ${SETTINGS_FILE} changes that.`]
        : []),
    ].join('\n'),
    exitCode: EXIT.passed,
  };
}

const VERDICTS = { yes: 'runs', no: 'does not run', unknown: 'may run' } as const;

function describe({ role, mode, provider, model, runs, why }: Standing): readonly string[] {
  const who = [mode, provider, model].filter((part, at, all) => part !== null && all.indexOf(part) === at);
  return [`${role.padEnd(9)} ${VERDICTS[runs]}: ${who.join(', ')}`, `          ${why}`];
}

function describeLocal(servers: readonly LocalServer[]): readonly string[] {
  if (servers.length === 0) return ['No server of local models answers on the ports 11434, 1234 and 8000.'];
  return servers.flatMap(({ baseUrl, usual, models }) => [
    `found     ${baseUrl} (usually ${usual}): ${models.join(', ') || 'no model'}`,
    `          mode = "http", api = "chat-completions", base_url = "${baseUrl}", model = "one of these"`,
  ]);
}

function roleOf(text: string | undefined): AgentRole {
  const role = AgentRole.safeParse(text);
  if (role.success) return role.data;
  throw new SpecError(
    'INVALID_ARGUMENT',
    `agents test takes a role: ${AGENT_ROLES.join(', ')}${text === undefined ? '' : `; not "${text.slice(0, 40)}"`}.`,
  );
}

async function ask(role: AgentRole, parsed: Parsed, terminal: Terminal): Promise<Answer> {
  const workspace = terminal.open(parsed.text('workspace'));
  const { settings, digest } = await loadSettings(workspace);
  const agent = settings.agents[role] ?? Agent.parse({});
  const { request, word, estimate } = rehearse(workspace, settings, digest, role, agent, terminal.signal);
  if (agent.mode !== 'client') terminal.note(`${role}: ${sentenceOf(estimate)}`);
  const answer = await askAgent(workspace, request);
  const problem = wrongWith(answer, word);
  const { text: _, ...known } = answer;
  return {
    json: { role, passed: problem === undefined, problem: problem ?? null, estimate, ...known },
    text: render(role, answer, problem),
    exitCode: exitCode(answer, problem),
  };
}

function sentenceOf({ inputTokens, mostOutputTokens, mostUsd }: Estimate): string {
  const cost = mostUsd === null ? 'its price is not known' : `at most ${mostUsd.toFixed(4)} USD`;
  return `about ${inputTokens} tokens in, at most ${mostOutputTokens} out; ${cost}. Asking.`;
}

function render(role: AgentRole, answer: AgentAnswer, problem: string | undefined): string {
  const { provider, modelRequested, modelServed, attempts } = answer;
  const tries = attempts.map(({ failure, usage, latencyMs }) => {
    const tokens = usage === null ? 'tokens unknown' : `${usage.input ?? '?'} in, ${usage.output ?? '?'} out`;
    return `  ${failure?.code ?? 'answered'} after ${latencyMs} ms, ${tokens}`;
  });
  const served = modelServed === null ? '' : `, served by ${modelServed}`;
  return [
    `${problem === undefined ? 'passed' : 'failed'}   ${role}: ${provider}, ${modelRequested ?? 'its own model'}${served}`,
    ...tries,
    ...(problem === undefined ? [] : [problem]),
  ].join('\n');
}

/** Wrong as configured; may pass later; answered and wrong. */
const USAGE: readonly AgentFailureCode[] = ['config', 'auth', 'not_found', 'not_started'];
const LATER: readonly AgentFailureCode[] = ['rate_limited', 'server', 'timeout', 'connection', 'cancelled'];

function exitCode({ failure }: AgentAnswer, problem: string | undefined): number {
  if (problem === undefined) return EXIT.passed;
  if (failure !== null && USAGE.includes(failure.code)) return EXIT.usage;
  return failure !== null && LATER.includes(failure.code) ? EXIT.incomplete : EXIT.failed;
}
