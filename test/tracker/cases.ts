import type { Repository } from '../support/repository.js';

export const HEADER =
  '| Order | Task ID | Title | Status | Owners | PRD | Branch | PR | Last Validation | Evidence | Notes |';
export const DASHES = '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |';
export const table = (...rows: string[]) => ['# T', '', HEADER, DASHES, ...rows, ''].join('\n');
export const GOOD =
  '| 1 | T1 | One | Done | Ana | docs/prd.md | main | #1 | 2026-11-20 | docs/proof.md | fine |';
export const BACKLOG = '| 2 | T2 | Two | Backlog |  |  |  |  |  |  |  |';

/** A repository in which the row GOOD is right. */
export function prepare(repo: Repository, tracker: string): void {
  repo.write('docs/prd.md', 'p');
  repo.write('docs/proof.md', 'p');
  repo.write('SPEC.md', tracker);
  repo.commit();
}

/** Code of a finding, a tracker that has it, and its line. */
export const faulty: [code: string, tracker: string, line: number][] = [
  ['tracker/no-table', '# nothing here\n', 1],
  ['tracker/not-a-table', `${HEADER}\n${GOOD}\n`, 1],
  ['tracker/broken-table', table(GOOD, '', BACKLOG), 7],
  ['tracker/unclosed', `${table(GOOD)}\n\`\`\`\ncode\n`, 7],
  ['tracker/merge-conflict', table(GOOD, '<<<<<<< HEAD', BACKLOG), 6],
  ['tracker/column-count', table(GOOD, '| 2 | T2 | Two | Backlog |'), 6],
  ['tracker/other-layout', `${table(GOOD)}\n| ID | Status |\n| --- | --- |\n| X1 | Done |\n`, 7],
  ['tracker/order-not-numeric', table(GOOD, BACKLOG.replace('| 2 |', '| two |')), 6],
  ['tracker/duplicate-order', table(GOOD, BACKLOG.replace('| 2 |', '| 1 |')), 6],
  ['tracker/id-missing', table(GOOD, BACKLOG.replace('| T2 |', '|  |')), 6],
  ['tracker/duplicate-id', table(GOOD, BACKLOG.replace('| T2 |', '| T1 |')), 6],
  ['tracker/unknown-status', table(GOOD, BACKLOG.replace('Backlog', 'NOT DONE')), 6],
  ['tracker/unknown-status', table(GOOD, BACKLOG.replace('Backlog', '**OBSOLETE**')), 6],
  ['tracker/status-alias', table(GOOD, BACKLOG.replace('Backlog', 'TODO')), 6],
  ['tracker/status-format', table(GOOD, BACKLOG.replace('Backlog', '**BACKLOG**')), 6],
  ['tracker/owners-missing', table(GOOD, BACKLOG.replace('Backlog', 'Blocked')), 6],
  [
    'tracker/two-in-progress',
    table(
      '| 1 | T1 | One | In Progress | Ana |  |  |  |  |  |  |',
      '| 2 | T2 | Two | In Progress | Ana |  |  |  |  |  |  |',
    ),
    6,
  ],
  ['tracker/prd-missing', table(GOOD.replace('docs/prd.md', 'docs/prd.md, docs/none.md')), 5],
  ['tracker/prd-outside', table(GOOD.replace('docs/prd.md', '../prd.md')), 5],
  ['tracker/evidence-missing', table(GOOD.replace('docs/proof.md', 'docs/none.md')), 5],
  ['tracker/evidence-outside', table(GOOD.replace('docs/proof.md', '/etc/passwd')), 5],
  ['tracker/done-without-evidence', table(GOOD.replace('docs/proof.md', '')), 5],
  ['tracker/date-invalid', table(GOOD.replace('2026-11-20', '2025-13-45')), 5],
  ['tracker/date-future', table(GOOD.replace('2026-11-20', '2999-01-01')), 5],
  ['tracker/branch-spaces', table(GOOD.replace('| main |', '| my branch |')), 5],
  ['tracker/branch-unknown', table('| 1 | T1 | One | In Progress | Ana |  | feat/x |  |  |  |  |'), 5],
  ['tracker/branch-gone', table(GOOD.replace('| main |', '| feat/old |')), 5],
];

/** Of the old linter: a name, a tracker, what it says; undefined for nothing. */
export const originCases: [name: string, tracker: string, says: RegExp | undefined][] = [
  ['no header', '# T\n', /header/i],
  [
    'too few cells, and stops there',
    table('| 1 | T1 |', BACKLOG.replace('Backlog', 'Nope')),
    /column count/i,
  ],
  ['an escaped pipe is a column to it', table(GOOD.replace('fine', 'a \\| b')), /column count/i],
  ['a duplicate order', table(GOOD, BACKLOG.replace('| 2 |', '| 1 |')), /order/i],
  ['another spelling of a status', table(GOOD, BACKLOG.replace('Backlog', 'DONE')), /status/i],
  ['In Progress without owners', table(GOOD, BACKLOG.replace('Backlog', 'In Progress')), /owner/i],
  ['a PRD that is missing', table(GOOD.replace('docs/prd.md', 'docs/none.md')), /PRD path missing/],
  [
    'two evidence paths in one cell',
    table(GOOD.replace('docs/proof.md', 'docs/proof.md, docs/prd.md')),
    /Evidence path missing/,
  ],
  ['a date of another form', table(GOOD.replace('2026-11-20', '20.11.2026')), /validation|date/i],
  ['a branch with blanks', table(GOOD.replace('| main |', '| my branch |')), /branch/i],
  ['blind: a date that is none', table(GOOD.replace('2026-11-20', '2025-13-45')), undefined],
  ['blind: Blocked without owner', table(GOOD, BACKLOG.replace('Backlog', 'Blocked')), undefined],
  ['blind: rows after a blank line', table(GOOD, '', BACKLOG.replace('Backlog', 'Nope')), undefined],
  ['blind: a duplicate task id', table(GOOD, BACKLOG.replace('| T2 |', '| T1 |')), undefined],
];
