import type { Stage } from '../../schemas/ids.js';
import { Agent, type AgentRole, type Settings } from '../../schemas/settings.js';
import type { Workspace } from '../workspace/workspace.js';
import { rosterOf } from './roster.js';

/** Who plays a role in a run, and as what it presents itself. */
export interface Player {
  readonly role: AgentRole;
  /** Such as "Researcher". */
  readonly title: string;
  readonly agent: Agent;
  /** What fills `${MODEL_ID}`, `${MODEL_RELEASE}` and `${REASONING_MODE}`: what is asked for, not what answers. */
  readonly model: string;
  readonly release: string;
  readonly reasoning: string;
}

export const ROLE_TITLES: Readonly<Record<AgentRole, string>> = {
  gemini: 'Researcher',
  claude: 'Synthesizer',
  gpt_codex: 'Implementer',
  gpt_pro: 'Executor & QA',
};

const defaults: Readonly<Record<AgentRole, { model: string; release: string; reasoning: string }>> = {
  gemini: { model: 'gemini-2.5-pro', release: '2025-08-06', reasoning: 'thinking' },
  claude: { model: 'claude-4.5-sonnet', release: '2025-09-29', reasoning: 'auto' },
  gpt_pro: { model: 'gpt-5', release: '2025-09-29', reasoning: 'high' },
  gpt_codex: { model: 'gpt-5-codex', release: '2025-09-29', reasoning: 'high' },
};

const VARIABLES: Readonly<Record<AgentRole, string>> = {
  gemini: 'CONSENSUS_MODEL_GEMINI',
  claude: 'CONSENSUS_MODEL_CLAUDE',
  gpt_pro: 'CONSENSUS_MODEL_GPT_PRO',
  gpt_codex: 'CONSENSUS_MODEL_GPT_CODEX',
};

/** Environment before spec-kit.toml before the defaults. A release belongs to the model it was given for. */
export function playersOf(
  { operator }: Pick<Workspace, 'operator'>,
  settings: Settings,
  stage: Stage,
): readonly Player[] {
  return rosterOf(stage).map(role => {
    const configured = settings.agents[role] ?? Agent.parse({});
    const ordered = operator.variable(VARIABLES[role])?.trim().slice(0, 128) || undefined;
    const model = ordered ?? configured.model ?? defaults[role].model;
    const known = model === defaults[role].model ? defaults[role].release : 'unknown';
    const given =
      ordered === undefined || ordered === configured.model ? configured.model_release : undefined;
    return {
      role,
      title: ROLE_TITLES[role],
      agent: ordered === undefined ? configured : { ...configured, model: ordered },
      model,
      release: given ?? known,
      reasoning: configured.reasoning_mode ?? defaults[role].reasoning,
    };
  });
}
