import type { AgentRole } from '../../schemas/settings.js';
import type { Question } from '../../src/consensus/validate-output.js';

export const RUN_ID = '20261124T170000Z-0a1b2c3d';
export const SPEC_ID = 'SPEC-KIT-DEMO';
export const CRITERIA = ['AC-1', 'AC-2', 'AC-3', 'AC-4'] as const;
const PROMPT_VERSION = '20251002-plan-a';

export type Output = Readonly<Record<string, unknown>>;

const models: Readonly<Record<AgentRole, readonly [model: string, release: string, mode: string]>> = {
  gemini: ['gemini-2.5-pro', '2025-08-06', 'thinking'],
  claude: ['claude-4.5-sonnet', '2025-09-29', 'auto'],
  gpt_codex: ['gpt-5-codex', '2025-09-29', 'high'],
  gpt_pro: ['gpt-5', '2025-09-29', 'high'],
};

export function header(agent: AgentRole, stage = 'spec-plan'): Output {
  const [model, model_release, reasoning_mode] = models[agent];
  return {
    stage,
    spec_id: SPEC_ID,
    run_id: RUN_ID,
    prompt_version: PROMPT_VERSION,
    agent,
    model,
    model_release,
    reasoning_mode,
  };
}

export function question(agent: AgentRole, stage = 'spec-plan'): Question {
  return {
    stage,
    specId: SPEC_ID,
    runId: RUN_ID,
    promptVersion: PROMPT_VERSION,
    criteria: CRITERIA,
    steps: agent === 'gpt_pro' ? ['S1', 'S2', 'S3'] : [],
    agent,
    canary: 'c4n4ry-77',
  };
}

export function positions(position = 'ready', cites: readonly string[] = ['docs/SPEC-KIT-DEMO/spec.md']) {
  return CRITERIA.map(requirement_id => ({ requirement_id, position, because: 'the packet says so', cites }));
}

const mapping = (requirement_id: string) => ({
  requirement_id,
  validation_step: `npm test -- ${requirement_id}`,
  artifact: `docs/SPEC-KIT-DEMO/checks/${requirement_id}.log`,
  artifact_exists: false,
});

const steps = [
  ['S1', 'Write the documents of the packet and register the task in the tracker'],
  ['S2', 'Run the halting consensus with conflicting prompts and keep its telemetry'],
  ['S3', 'Archive the evidence and refresh the list of tasks'],
] as const;

/** A clean triple of the plan stage: every criterion mapped, every step carried, no conflict. */
export const plan: Readonly<Record<'gemini' | 'claude' | 'gpt_pro', Output>> = {
  gemini: {
    ...header('gemini'),
    research_summary: [
      {
        topic: 'Packet',
        details: 'spec, plan and tasks exist',
        cites: ['docs/SPEC-KIT-DEMO/spec.md', 'SPEC.md'],
      },
      { topic: 'Rules', details: 'the constitution asks for evidence', cites: ['memory/constitution.md'] },
    ],
    questions: [{ id: 'Q1', text: 'Are credentials for HAL at hand?', requirement_id: 'AC-3' }],
    positions: positions(),
  },
  claude: {
    ...header('claude'),
    work_breakdown: steps.map(([id, step], index) => ({
      id,
      step,
      requirement_ids: [CRITERIA[index]],
      rationale: 'the spec asks for it',
      success_signal: 'the check passes',
    })),
    acceptance_mapping: CRITERIA.map(mapping),
    risks: [{ risk: 'prompts may converge', owner: 'QA', mitigation: 'keep a second set' }],
    answers: [{ question_id: 'Q1', answer: 'No, the run is skipped and recorded.' }],
    positions: positions(),
  },
  gpt_pro: {
    ...header('gpt_pro'),
    feasibility_notes: ['the packet is complete'],
    missing_items: [],
    final_plan: {
      work_breakdown: steps.map(([id, step]) => ({
        step: `${step}.`,
        from: [id],
        success_signal: 'the check passes',
      })),
      dropped: [],
      acceptance_mapping: CRITERIA.map(mapping),
      risks: [{ risk: 'prompts may converge', owner: 'QA', mitigation: 'keep a second set' }],
      resolutions: [],
      consensus: { agreements: ['Write the documents of the packet first'], conflicts: [] },
    },
    positions: positions(),
  },
};

/** The value with a member, at a path of names and indexes, replaced; undefined removes it. */
export function changed<T>(value: T, path: readonly (string | number)[], member: unknown): T;
export function changed(value: unknown, path: readonly (string | number)[], member: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return member;
  if (Array.isArray(value)) {
    const items = value.map((item, index) => (index === first ? changed(item, rest, member) : item));
    return items.filter(item => item !== undefined);
  }
  const entries = Object.entries(value ?? {});
  const known = entries.some(([name]) => name === first);
  const all = known ? entries : [...entries, [String(first), undefined] as const];
  return Object.fromEntries(
    all
      .map(([name, old]) => [name, name === first ? changed(old, rest, member) : old] as const)
      .filter(([, now]) => now !== undefined),
  );
}

export const PATHS: ReadonlySet<string> = new Set([
  'SPEC.md',
  'docs',
  'docs/SPEC-KIT-DEMO',
  'docs/SPEC-KIT-DEMO/spec.md',
  'docs/SPEC-KIT-DEMO/plan.md',
  'memory/constitution.md',
]);
