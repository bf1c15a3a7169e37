import { AGENT_ROLES, Agent, type AgentRole } from '../../schemas/settings.js';
import type { LoadedSettings } from '../settings/load.js';
import type { Workspace } from '../workspace/workspace.js';
import { distrustOfAgents } from './ask.js';
import { type CliPlan, planCli } from './cli/ask-cli.js';
import { checkLogin } from './cli/login.js';
import { planHttp } from './http/ask-http.js';

/** Whether the agent of a role would be asked, and why. `unknown`: it may run, and nobody can tell without asking it. */
export interface Standing {
  readonly role: AgentRole;
  readonly mode: Agent['mode'];
  /** Such as "openai-responses api.openai.com" or "cli codex". */
  readonly provider: string;
  readonly model: string | null;
  readonly runs: 'yes' | 'no' | 'unknown';
  /** A sentence; names variables, never what is in them. */
  readonly why: string;
}

type Verdict = Pick<Standing, 'runs' | 'why'> & Partial<Pick<Standing, 'provider' | 'model'>>;

/** Every role in the order of the roster. Sends nothing to a provider; asks trusted programs whether they are logged in. */
export function standingsOf(
  workspace: Workspace,
  { settings, digest }: LoadedSettings,
  signal: AbortSignal,
): Promise<readonly Standing[]> {
  const distrust = distrustOfAgents(workspace, digest);
  return Promise.all(
    AGENT_ROLES.map(async role => {
      const agent = settings.agents[role] ?? Agent.parse({});
      const verdict = await verdictOn(workspace, role, agent, distrust, signal);
      return {
        role,
        mode: agent.mode,
        provider: agent.api ?? agent.cli ?? agent.mode,
        model: agent.model ?? null,
        ...verdict,
      };
    }),
  );
}

async function verdictOn(
  workspace: Workspace,
  role: AgentRole,
  agent: Agent,
  distrust: string | undefined,
  signal: AbortSignal,
): Promise<Verdict> {
  if (agent.mode === 'client')
    return { runs: 'yes', why: 'The calling agent answers; nothing is sent to anybody else.' };
  const planned =
    agent.mode === 'http' ? planHttp(workspace, { role, agent }) : planCli(workspace, { role, agent });
  if ('failure' in planned) return { runs: 'no', why: planned.failure.message };
  const { plan } = planned;
  const known = { provider: plan.provider, model: plan.modelRequested };
  if (distrust !== undefined) return { ...known, runs: 'no', why: distrust };
  if ('cli' in plan) return { ...known, ...(await standingOfCli(workspace, plan, signal)) };
  const why =
    plan.key === undefined
      ? `${plan.endpoint.host} is this machine, and is asked without a key.`
      : `Its key is in ${plan.key.name}.`;
  return { ...known, runs: 'yes', why };
}

async function standingOfCli(workspace: Workspace, plan: CliPlan, signal: AbortSignal): Promise<Verdict> {
  const { cli, key } = plan;
  const program = workspace.findProgram(cli.name);
  if ('problem' in program) return { runs: 'no', why: `${cli.name} ${program.problem}` };
  if (key !== undefined) return { runs: 'yes', why: `${program.path}; its key is in ${key.name}.` };
  const login = await checkLogin(workspace, cli, signal);
  const found = {
    in: { runs: 'yes', why: 'logged in' },
    out: { runs: 'no', why: 'not logged in, and no key is named with key_env' },
    unknown: { runs: 'unknown', why: 'whether it is logged in could not be told in time' },
  } as const;
  return { ...found[login], why: `${program.path}; ${found[login].why}.` };
}
