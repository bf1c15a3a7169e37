import { Stage } from '../../schemas/ids.js';
import { AGENT_ROLES, type AgentRole } from '../../schemas/settings.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { agentWorkspace, providerAnswers, serveProvider } from './agents.js';
import { type Asked, planAnswer, writePlanned } from './answers.js';
import type { Repository } from './repository.js';

export const ROOT = 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence';
export const ROLES = ['gemini', 'claude', 'gpt_pro'] as const;
/** An answer, one with the dollars that the provider says it cost, or a refusal. */
type Said = string | { readonly text: string; readonly cost: number } | { readonly status: number };
export type Say = (role: AgentRole, asked: Asked, call: number) => Said;

/** A provider on loopback for each role, that answers what it is asked as `say` tells. */
export async function providers(say: Say, roles: readonly AgentRole[] = ROLES) {
  const calls: string[] = [];
  const prompts: string[] = [];
  const urls = await Promise.all(
    roles.map(async role => {
      const { url, seen } = await serveProvider((call, response) => {
        const body = seen.at(-1)?.body ?? '';
        const asked = roleIn(body) ?? role;
        calls.push(asked);
        prompts.push(body);
        const said = say(asked, askedIn(body), call);
        if (typeof said === 'object' && 'status' in said)
          return response.writeHead(said.status, { 'content-type': 'application/json' }).end('{}');
        const { text, cost } = typeof said === 'string' ? { text: said, cost: undefined } : said;
        const { usage, ...answer } = providerAnswers['chat-completions'](text);
        const read = { ...usage, prompt_tokens: 50_000, ...(cost === undefined ? {} : { cost }) };
        return response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ ...answer, usage: read }));
      });
      return [role, url] as const;
    }),
  );
  return { calls, prompts, urls };
}

function askedIn(body: string): Asked {
  const found = (name: string) => new RegExp(`\\\\"${name}\\\\" \\\\"([^"\\\\]+)\\\\"`).exec(body)?.[1] ?? '';
  const stage = Stage.safeParse(/\\"stage\\" is \\"spec-([a-z]+)\\"/.exec(body)?.[1]).data;
  return { runId: found('run_id'), promptVersion: found('prompt_version'), ...(stage ? { stage } : {}) };
}

function roleIn(body: string): AgentRole | undefined {
  return AGENT_ROLES.find(role => body.includes(`\\"agent\\" \\"${role}\\"`));
}

export function agentsToml(urls: readonly (readonly [AgentRole, string])[]): string {
  const agents = urls.map(
    ([role, url]) =>
      `[agents.${role}]\nmode = "http"\napi = "chat-completions"\nbase_url = "${url}/v1"\nmodel = "stub-${role}"\nkey_env = "MODEL_API_KEY"\n`,
  );
  return agents.join('');
}

/** A workspace whose roles are asked over HTTP, committed and trusted. */
export function prepared(
  repo: Repository,
  urls: readonly (readonly [AgentRole, string])[],
  more = '',
): Workspace {
  const toml = `${agentsToml(urls)}${more}`;
  writePlanned(repo, toml);
  return agentWorkspace(repo, toml).workspace;
}

export const sound: Say = (role, asked) => JSON.stringify(planAnswer(role, asked));
