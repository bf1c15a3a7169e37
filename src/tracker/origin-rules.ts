import type { Rule } from '../rule.js';

/** Profile origin: the ten checks of the linter of the system this one follows, under the names of ours. */
export const originRules = {
  header: {
    code: 'origin/header',
    severity: 'error',
    title: 'the exact eleven-column header is not there',
    why: 'The old linter looked for this one line.',
    fix: 'Write the header exactly as the layout rule of profile strict names it.',
  },
  columnCount: {
    code: 'origin/column-count',
    severity: 'error',
    title: 'a row has not eleven cells',
    why: 'The old linter stopped there; it split at escaped pipes too.',
    fix: 'Write the row with eleven cells.',
  },
  duplicateOrder: {
    code: 'origin/duplicate-order',
    severity: 'error',
    title: 'an order that an earlier row has',
    why: 'As tracker/duplicate-order.',
    fix: 'Give each row its own number.',
  },
  status: {
    code: 'origin/status',
    severity: 'error',
    title: 'a status that is not exactly one of the five',
    why: 'The old linter compared the text exactly.',
    fix: 'Write Backlog, In Progress, In Review, Blocked or Done.',
  },
  owners: {
    code: 'origin/owners',
    severity: 'error',
    title: 'a task In Progress or In Review without owners',
    why: 'As tracker/owners-missing, but Blocked was forgotten.',
    fix: 'Name an owner.',
  },
  prd: {
    code: 'origin/prd',
    severity: 'error',
    title: 'a PRD path that does not exist',
    why: 'As tracker/prd-missing.',
    fix: 'Correct the path.',
  },
  evidence: {
    code: 'origin/evidence',
    severity: 'error',
    title: 'an evidence cell that is not one existing path',
    why: 'The old linter took the whole cell for one path.',
    fix: 'Write one path.',
  },
  date: {
    code: 'origin/date',
    severity: 'error',
    title: 'a last validation not written YYYY-MM-DD',
    why: 'The old linter looked at the form only.',
    fix: 'Write YYYY-MM-DD.',
  },
  branch: {
    code: 'origin/branch',
    severity: 'error',
    title: 'a branch name with spaces',
    why: 'As tracker/branch-spaces.',
    fix: 'Write the name alone.',
  },
} as const satisfies Record<string, Rule>;
