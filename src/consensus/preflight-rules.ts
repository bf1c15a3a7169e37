import type { Rule } from '../rule.js';

/** What preflight can find beside the packet rules of lint. */
export const preflightRules = {
  noCriteria: {
    code: 'preflight/no-criteria',
    severity: 'error',
    title: 'spec.md has no acceptance criteria',
    why: 'Without criteria nothing can be mapped or judged, so no verdict can be ok.',
    fix: 'List them under "## Acceptance Criteria", each perhaps with an id such as R1.',
  },
  emptySection: {
    code: 'preflight/empty-section',
    severity: 'warning',
    title: 'a section has a heading and no content',
    why: 'Agents fill the gap with what they make up.',
    fix: 'Write the section, or remove its heading.',
  },
  placeholder: {
    code: 'preflight/placeholder',
    severity: 'warning',
    title: 'a placeholder was left in a document',
    why: 'What is not decided yet cannot be planned.',
    fix: 'Decide it and write it down.',
  },
  missingPath: {
    code: 'preflight/missing-path',
    severity: 'warning',
    title: 'a document names a path that git does not track',
    why: 'Whoever reads a clone finds nothing there.',
    fix: 'Correct the path, or commit what it names; for a file that is yet to be made this is as it should be.',
  },
  noConstitution: {
    code: 'preflight/no-constitution',
    severity: 'info',
    title: 'there is no memory/constitution.md',
    why: 'The agents see no rules of the project beyond the packet.',
    fix: 'Write the rules that every change must keep into memory/constitution.md.',
  },
  specCut: {
    code: 'preflight/spec-cut',
    severity: 'warning',
    title: 'spec.md does not fit into the context budget and is cut',
    why: 'Agents that did not see the whole spec cannot agree on it: the verdict is degraded (R73).',
    fix: 'Raise [consensus] context_tokens, or shorten spec.md.',
  },
} as const satisfies Record<string, Rule>;
