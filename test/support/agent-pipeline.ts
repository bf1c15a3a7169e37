import { createHash } from 'node:crypto';
import type { Stage } from '../../schemas/ids.js';
import { AGENT_ROLES, type AgentRole } from '../../schemas/settings.js';
import { readEnvironment } from '../../src/bin/environment.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { CRITERIA, type Output, plan } from '../consensus/answers.js';
import * as later from '../consensus/stages.js';
import { AGENT_KEY } from './agents.js';
import type { Asked } from './answers.js';
import { writePipeline } from './auto.js';
import { planDocument, SPEC_ID, SPEC_MD } from './packet.js';
import { agentsToml, providers, type Say } from './provider-run.js';
import { openTest, type Repository } from './repository.js';

export const OUTPUTS: Readonly<Record<Stage, Readonly<Partial<Record<AgentRole, Output>>>>> = {
  plan,
  ...later,
};

/** What a role answers at a stage when all goes well; `over` replaces members. */
export function soundAnswer(role: AgentRole, asked: Asked, over: Output = {}): Output {
  const { stage = 'plan', runId, promptVersion } = asked;
  const model = `model-of-${role}`;
  return { ...OUTPUTS[stage][role], model, run_id: runId, prompt_version: promptVersion, ...over };
}

export const allSound: Say = (role, asked) => JSON.stringify(soundAnswer(role, asked));

/** A packet whose criteria the sound answers speak about, with commands that pass once src/done is there; committed. */
export function writeAgentPipeline(repo: Repository, toml: string): void {
  repo.write('memory/constitution.md', '# Constitution\n\n- Tests decide.\n');
  writePipeline(repo, toml);
  const criteria = CRITERIA.map(id => `- ${id}: criterion ${id}\n`).join('');
  repo.write(`docs/${SPEC_ID}/spec.md`, `${SPEC_MD}\n## Acceptance Criteria\n\n${criteria}`);
  repo.write(`docs/${SPEC_ID}/plan.md`, planDocument(...CRITERIA));
  repo.commit('packet for agents');
}

/** Providers on loopback that answer as `say` tells, and the stages and roles they were asked for, in order. */
export async function agentPipeline(repo: Repository, say: Say = allSound, more = '') {
  const asked: string[] = [];
  const { urls } = await providers((role, question, call) => {
    asked.push(`${question.stage} ${role}`);
    return say(role, question, call);
  }, AGENT_ROLES);
  writeAgentPipeline(repo, `${agentsToml(urls)}${more}`);
  return { asked, open: () => openWithKey(repo) };
}

/** Opened anew, with spec-kit.toml trusted as it is now. */
function openWithKey(repo: Repository): Workspace {
  const trust = createHash('sha256').update(repo.read('spec-kit.toml')).digest('hex');
  const { operator } = readEnvironment({ MODEL_API_KEY: AGENT_KEY, SPEC_KIT_TRUST: trust });
  return { ...openTest(repo.root, operator), now: () => new Date() };
}
