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
