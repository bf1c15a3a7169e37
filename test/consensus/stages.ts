import type { AgentRole } from '../../schemas/settings.js';
import { CRITERIA, header, type Output, positions } from './answers.js';

/** Clean answers of the stages after plan. */

type Outputs = Readonly<Partial<Record<AgentRole, Output>>>;

const none = { agreements: [], conflicts: [] };
const titles = ['Write the documents', 'Run the halting consensus', 'Archive the evidence'];

const task = (index: number) => ({
  order: index + 1,
  task_id: `T${index + 1}`,
  title: titles[index],
  status: 'Backlog',
  validation_step: 'npm test',
  artifact: 'docs/log.txt',
  notes: '',
  requirement_ids: index === 0 ? ['AC-1', 'AC-2'] : [CRITERIA[index + 1]],
});

export const tasks = {
  gemini: {
    ...header('gemini', 'spec-tasks'),
    surfaces: [{ area: 'docs', files: ['SPEC.md'], tests: [], notes: 'the tracker' }],
    dependencies: [],
    spec_status: [{ task_id: 'T26', status: 'In Progress' }],
    positions: positions(),
  },
  claude: {
    ...header('claude', 'spec-tasks'),
    tasks: [0, 1, 2].map(task),
    acceptance_coverage: [],
    followups: [],
    positions: positions(),
  },
  gpt_pro: {
    ...header('gpt_pro', 'spec-tasks'),
    validated_tasks: [0, 1, 2].map(index => ({
      ...task(index),
      from: [`T${index + 1}`],
      title: `${titles[index]} now`,
    })),
    command_plan: ['npm test'],
    dropped: [],
    resolutions: [],
    consensus: none,
    positions: positions(),
  },
} as const satisfies Outputs;

export const implement = {
  gemini: {
    ...header('gemini', 'spec-implement'),
    code_paths: [{ area: 'docs', files: ['docs/SPEC-KIT-DEMO/spec.md'], notes: '' }],
    recent_changes: [],
    edge_cases: [],
    tests: [],
    positions: positions(),
  },
  claude: {
    ...header('claude', 'spec-implement'),
    approach: [{ task_id: 'T1', summary: 'Write the documents' }],
    operations: [{ file: 'docs/new.md', change_type: 'create', description: 'the document' }],
    validation_plan: [{ command: 'npm test', purpose: 'the check' }],
    positions: positions(),
  },
  gpt_codex: {
    ...header('gpt_codex', 'spec-implement'),
    diff_proposals: [{ path: 'docs/new.md', change: '+ text', rationale: 'asked for', confidence: 0.9 }],
    test_commands: ['npm test'],
    tool_calls: [],
    risks: [],
    positions: positions(),
  },
  gpt_pro: {
    ...header('gpt_pro', 'spec-implement'),
    checklist: [{ step: 'Write the documents first', command: 'npm test', from: ['T1'] }],
    risks: [],
    dropped: [],
    resolutions: [],
    consensus: none,
    positions: positions(),
  },
} as const satisfies Outputs;

export const validate = {
  gemini: {
    ...header('gemini', 'spec-validate'),
    scenarios: [{ name: 'unit', status: 'passed', failures: [], log: 'unit_log.txt' }],
    evidence: ['the telemetry of the guardrail'],
    positions: positions(),
  },
  claude: {
    ...header('claude', 'spec-validate'),
    analysis: CRITERIA.map(id => ({
      requirement: `criterion ${id}`,
      requirement_id: id,
      status: 'passed',
      notes: '',
    })),
    remediation: [],
    positions: positions(),
  },
  gpt_pro: {
    ...header('gpt_pro', 'spec-validate'),
    decision: 'approve',
    next_actions: [],
    resolutions: [],
    consensus: none,
    positions: positions(),
  },
} as const satisfies Outputs;

export const audit = {
  gemini: {
    ...header('gemini', 'spec-audit'),
    diff_summary: 'documents were added',
    telemetry: [],
    todos: [],
    compliance_flags: [],
    positions: positions(),
  },
  claude: {
    ...header('claude', 'spec-audit'),
    decision: 'approve',
    evidence: [{ name: 'the spec', path: 'docs/SPEC-KIT-DEMO/spec.md' }],
    risks: [],
    open_items: [],
    positions: positions(),
  },
  gpt_pro: {
    ...header('gpt_pro', 'spec-audit'),
    checks: [{ item: 'ledger', status: 'passed' }],
    recommendation: 'approve',
    conditions: [],
    resolutions: [],
    consensus: none,
    positions: positions(),
  },
} as const satisfies Outputs;

export const unlock = {
  gemini: {
    ...header('gemini', 'spec-unlock'),
    branch_state: 'clean',
    pending_work: [],
    risks: [],
    positions: positions(),
  },
  claude: {
    ...header('claude', 'spec-unlock'),
    rationale: 'every gate is open',
    safeguards: [],
    followups: [],
    positions: positions(),
  },
  gpt_pro: {
    ...header('gpt_pro', 'spec-unlock'),
    decision: 'unlock',
    steps: ['merge'],
    resolutions: [],
    consensus: none,
    positions: positions(),
  },
} as const satisfies Outputs;
