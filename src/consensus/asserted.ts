import type { AgentEvidence } from '../../schemas/consensus.js';
import { AGENT_ROLES, type AgentRole } from '../../schemas/settings.js';
import type { StageState } from './state.js';

/** Roles whose answers the caller handed in: nobody can tell who or what wrote them. */
export function assertedRoles(
  answers: readonly Pick<AgentEvidence, 'agent' | 'provenance' | 'output'>[],
): readonly AgentRole[] {
  return AGENT_ROLES.filter(role =>
    answers.some(
      ({ agent, provenance, output }) => agent === role && provenance.source === 'client' && output !== null,
    ),
  );
}

/** The answers of a run as its evidence will tell of them. */
export function handedIn({ answers }: Pick<StageState, 'answers'>) {
  return answers.map(({ role, provenance, output }) => ({ agent: role, provenance, output }));
}

/** A sentence for whoever reads the verdict; '' when the server asked every agent itself. */
export function assertedWords(roles: readonly AgentRole[]): string {
  return roles.length === 0
    ? ''
    : `Asserted, not proven: the answers of ${roles.join(', ')} were handed in by the caller, or lay in its files over a restart; which models gave them is its own word.`;
}
