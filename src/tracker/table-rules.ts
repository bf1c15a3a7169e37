import type { Rule } from '../rule.js';

/** Rules of profile strict about tables and the file as a whole. */
export const tableRules = {
  noTable: {
    code: 'tracker/no-table',
    severity: 'error',
    title: 'the file has no task table',
    why: 'Without one there is nothing to check, and an empty check must not pass.',
    fix: 'Add a table with at least a Task ID and a Status column.',
  },
  notATable: {
    code: 'tracker/not-a-table',
    severity: 'error',
    title: 'a task table header without a matching row of dashes under it',
    why: 'Markdown shows such lines as text, so their tasks are in no table.',
    fix: 'Put a row of dashes with as many cells as the header directly under it.',
  },
  brokenTable: {
    code: 'tracker/broken-table',
    severity: 'error',
    title: 'rows after a blank line or other text, cut off from their table',
    why: 'A table ends at the first line that is no row; what follows is not part of it and is not checked.',
    fix: 'Remove the lines between the rows and the table.',
  },
  unclosed: {
    code: 'tracker/unclosed',
    severity: 'error',
    title: 'a code fence or HTML comment that never ends',
    why: 'Everything below it is code or comment, so tables there are not checked.',
    fix: 'Close it.',
  },
  conflict: {
    code: 'tracker/merge-conflict',
    severity: 'error',
    title: 'a merge conflict marker',
    why: 'Both sides of the conflict are in the file, so neither can be trusted.',
    fix: 'Resolve the conflict and remove the markers.',
  },
  layout: {
    code: 'tracker/layout',
    severity: 'warning',
    title: 'no table has the eleven standard columns',
    why: 'Other tools find only the standard layout, and rules need the columns they are about.',
    fix: 'Use Order, Task ID, Title, Status, Owners, PRD, Branch, PR, Last Validation, Evidence, Notes.',
  },
  otherLayout: {
    code: 'tracker/other-layout',
    severity: 'info',
    title: 'a further task table with other columns',
    why: 'Only the rules that its columns allow are checked there.',
    fix: 'Nothing needs to be done; move its tasks to the main table if they belong there.',
  },
  columnCount: {
    code: 'tracker/column-count',
    severity: 'error',
    title: 'a row has more or fewer cells than the header',
    why: 'Its values may stand under the wrong columns.',
    fix: 'Add the missing cells; write a pipe that is text as \\|.',
  },
  repeatedHeader: {
    code: 'tracker/repeated-header',
    severity: 'error',
    title: 'a second header inside a table',
    why: 'Markdown takes it and the row of dashes under it for tasks.',
    fix: 'Put a blank line above it, or remove it.',
  },
  noRow: {
    code: 'tracker/no-row-for-spec',
    severity: 'error',
    title: 'no row belongs to the spec',
    why: 'Nobody can see where the spec stands.',
    fix: 'Add a row whose Task ID is the spec id, or whose PRD names its packet.',
  },
  noGit: {
    code: 'tracker/git-unavailable',
    severity: 'info',
    title: 'git could not be asked',
    why: 'Whether branches exist and evidence is tracked was not checked.',
    fix: 'Make `git status` work in the workspace, then lint again.',
  },
  more: {
    code: 'tracker/more-findings',
    severity: 'info',
    title: 'more findings of one rule than are listed',
    why: 'They are counted, and the rest can be seen once the listed ones are mended.',
    fix: 'Mend the listed ones and lint again.',
  },
} as const satisfies Record<string, Rule>;
