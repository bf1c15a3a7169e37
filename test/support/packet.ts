import type { Repository } from './repository.js';

export const SPEC_ID = 'SPEC-KIT-DEMO';

export const SPEC_MD = '# Spec: demo\n\n## Context\n\nWhy.\n\n## Objectives\n\n1. One.\n';

const HEADER = [
  '# Tracker',
  '',
  '| Order | Task ID | Title | Status | Owners | PRD | Branch | PR | Last Validation | Evidence | Notes |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];

export const TRACKER = [
  ...HEADER,
  '| 1 | T1 | Demo | In Progress | Ben | docs/SPEC-KIT-DEMO/spec.md | main |  |  |  |  |',
  '| 2 | T2 | Other | Backlog |  |  |  |  |  |  |  |',
  '',
].join('\n');

/** A packet that follows its skeleton, a tracker with its row, and optionally a spec-kit.toml; committed. */
export function writePacket(repo: Repository, settings = ''): void {
  repo.write('SPEC.md', TRACKER);
  repo.write('docs/SPEC-KIT-DEMO/spec.md', SPEC_MD);
  if (settings !== '') repo.write('spec-kit.toml', settings);
  repo.commit('packet');
}

const CRITERIA = '\n## Acceptance Criteria\n\n- R1: One.\n- R2: Two.\n';

const PLAN_SECTIONS = [
  '## Inputs',
  '## Work Breakdown',
  '## Risks & Unknowns',
  '## Consensus & Risks (Multi-AI)',
  '## Exit Criteria (Done)',
];

/** A plan whose Acceptance Mapping has a row for each of `requirements`. */
export function planDocument(...requirements: string[]): string {
  const rows = requirements.map(requirement => `| ${requirement} | unit test | log |`);
  const table = ['| Requirement (Spec) | Validation Step | Artifact |', '| --- | --- | --- |', ...rows];
  return ['# Plan: demo', ...PLAN_SECTIONS, '## Acceptance Mapping', '', ...table, ''].join('\n');
}

export const TASKS_MD =
  '# Tasks: demo\n\n| Order | Task | Owner | Status | Validation |\n| --- | --- | --- | --- | --- |\n| 1 | One | Ben | Backlog | unit test |\n';

/** The packet with two criteria, a plan that maps both, and tasks; committed. */
export function writeFullPacket(repo: Repository, settings = ''): void {
  repo.write('docs/SPEC-KIT-DEMO/plan.md', planDocument('R1', 'R2'));
  repo.write('docs/SPEC-KIT-DEMO/tasks.md', TASKS_MD);
  writePacket(repo, settings);
  repo.write('docs/SPEC-KIT-DEMO/spec.md', SPEC_MD + CRITERIA);
  repo.commit('full packet');
}
