import { SETTINGS_FILE } from '../settings/load.js';
import type { Workspace } from '../workspace/workspace.js';
import type { AgentAnswer, AgentRequest } from './agent.js';
import { askCli } from './cli/ask-cli.js';
import { askHttp } from './http/ask-http.js';
import { unasked } from './tries.js';

/**
 * Asks the agent that plays a role and normalises its answer. Sends nothing unless the committed settings say so and a
 * person trusted exactly them. Never throws for what a provider does.
 */
export async function askAgent(workspace: Workspace, request: AgentRequest): Promise<AgentAnswer> {
  const { role, agent, configDigest } = request;
  const addressed = { provider: agent.mode, modelRequested: null };
  if (agent.mode === 'client')
    return unasked(
      workspace,
      addressed,
      'config',
      `[agents.${role}] has mode "client": the calling agent answers, and nobody else is asked. Set mode = "http" or "cli" in ${SETTINGS_FILE} to change that.`,
    );
  const distrust = distrustOfAgents(workspace, configDigest);
  if (distrust !== undefined) return unasked(workspace, addressed, 'config', distrust);
  return agent.mode === 'http' ? askHttp(workspace, request) : askCli(workspace, request);
}

/** A file of the repository must not choose where prompts and keys go, or what is started, before a person agreed. */
export function distrustOfAgents({ trusts }: Workspace, configDigest: string | null): string | undefined {
  if (configDigest !== null && trusts(configDigest)) return undefined;
  const how =
    configDigest === null
      ? `Write the agents into ${SETTINGS_FILE} and trust that with \`spec-kit-mcp trust\`.`
      : `Read it, then run \`spec-kit-mcp trust\` in the workspace, or in CI set SPEC_KIT_TRUST=${configDigest}.`;
  return `untrusted: ${SETTINGS_FILE} chooses whom to ask and with which key, and no person has trusted that yet. ${how}`;
}
