import type { Stage } from '../../schemas/ids.js';
import type { AgentRole } from '../../schemas/settings.js';
import { SPEC_MD, TRACKER } from './packet.js';
import type { Repository } from './repository.js';

/** What an answer has to know of its run. */
export interface Asked {
  readonly runId: string;
  readonly promptVersion: string;
  readonly stage?: Stage;
  readonly specId?: string;
  readonly criteria?: readonly string[];
  /** Ends up in `model`. */
  readonly model?: string;
}

export const CRITERIA = ['R1', 'R2'];
export const SPEC_WITH_CRITERIA = `${SPEC_MD}\n## Acceptance Criteria\n\n- R1: it answers\n- R2: it fails loudly\n`;

/** A committed packet with two criteria, and a spec-kit.toml when there is something to say in it. */
export function writePlanned(repo: Repository, settings = ''): void {
  repo.write('SPEC.md', TRACKER);
  repo.write('docs/SPEC-KIT-DEMO/spec.md', SPEC_WITH_CRITERIA);
  repo.write('memory/constitution.md', '# Constitution\n\n- Tests decide.\n');
  if (settings !== '') repo.write('spec-kit.toml', settings);
  repo.commit('packet');
}

/** A sound answer of each role of the plan stage; `over` replaces members. */
export function planAnswer(role: AgentRole, asked: Asked, over: object = {}): Record<string, unknown> {
  const {
    runId,
    promptVersion,
    specId = 'SPEC-KIT-DEMO',
    criteria = CRITERIA,
    model = `model-of-${role}`,
  } = asked;
  const header = {
    stage: 'spec-plan',
    spec_id: specId,
    run_id: runId,
    prompt_version: promptVersion,
    agent: role,
    model,
    model_release: '2026-01-01',
    reasoning_mode: 'high',
  };
  const positions = criteria.map(id => ({
    requirement_id: id,
    position: 'ready',
    because: `${id} can be built and checked as written`,
    cites: [`docs/${specId}/spec.md`],
  }));
  return { ...header, ...contentOf(role, criteria, specId), positions, ...over };
}

function contentOf(role: AgentRole, criteria: readonly string[], specId: string): object {
  const mapping = criteria.map(id => ({
    requirement_id: id,
    validation_step: `run the test of ${id}`,
    artifact: `docs/${specId}/spec.md`,
    artifact_exists: true,
  }));
  const steps = criteria.map((id, index) => ({
    id: `S${index + 1}`,
    step: `Build what ${id} asks for`,
    criterion: id,
  }));
  if (role === 'gemini')
    return {
      research_summary: [
        {
          topic: 'Scope',
          details: 'The spec asks for an answer and a loud failure',
          cites: [`docs/${specId}/spec.md`],
        },
      ],
      questions: [],
    };
  if (role === 'claude')
    return {
      work_breakdown: steps.map(({ id, step, criterion }) => ({
        id,
        step,
        requirement_ids: [criterion],
        rationale: 'It is asked for',
        success_signal: 'its test passes',
      })),
      acceptance_mapping: mapping,
      risks: [{ risk: 'The database may hang', owner: 'Ben', mitigation: 'a deadline' }],
      answers: [],
    };
  return {
    feasibility_notes: ['Small and clear'],
    missing_items: [],
    final_plan: {
      work_breakdown: steps.map(({ id, step }) => ({ step, from: [id], success_signal: 'its test passes' })),
      dropped: [],
      acceptance_mapping: mapping,
      risks: [{ risk: 'The database may hang', owner: 'Ben', mitigation: 'a deadline' }],
      resolutions: [],
      consensus: { agreements: [], conflicts: [] },
    },
  };
}
