import { expect } from 'vitest';
import { lintTracker } from '../../src/tracker/lint.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const HEADER =
  '| Order | Task ID | Title | Status | Owners | PRD | Branch | PR | Last Validation | Evidence | Notes |';
const DASHES = '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |';
const table = (...rows: string[]) => ['# T', '', HEADER, DASHES, ...rows, ''].join('\n');
const GOOD = '| 1 | T1 | One | Done | Ana | docs/prd.md | main | #1 | 2026-11-20 | docs/proof.md | fine |';
const BACKLOG = '| 2 | T2 | Two | Backlog |  |  |  |  |  |  |  |';

function prepare(repo: Repository, tracker: string): void {
  repo.write('docs/prd.md', 'p');
  repo.write('docs/proof.md', 'p');
  repo.write('SPEC.md', tracker);
  repo.commit();
}

test('a sound tracker has no findings in either profile', async ({ repo, workspace }) => {
  prepare(repo, table(GOOD, BACKLOG));
  expect((await lintTracker(workspace, { path: 'SPEC.md', profile: 'strict' })).findings).toEqual([]);
  const origin = await lintTracker(workspace, { path: 'SPEC.md', profile: 'origin' });
  expect([origin.findings, origin.summary]).toEqual([[], 'Tasks table lint passed (2 rows)']);
});

const cases: [code: string, tracker: string, line: number][] = [
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
  ['tracker/date-future', table(GOOD.replace('2026-11-20', '2027-01-01')), 5],
  ['tracker/branch-spaces', table(GOOD.replace('| main |', '| my branch |')), 5],
  ['tracker/branch-unknown', table('| 1 | T1 | One | In Progress | Ana |  | feat/x |  |  |  |  |'), 5],
  ['tracker/branch-gone', table(GOOD.replace('| main |', '| feat/old |')), 5],
];

test.for(cases)('%s is found at its line', async ([code, tracker, line], { repo, workspace }) => {
  prepare(repo, tracker);
  const { findings } = await lintTracker(workspace, { path: 'SPEC.md', profile: 'strict' });
  expect(findings.map(finding => `${finding.code} ${finding.line}`)).toContain(`${code} ${line}`);
});

test('evidence that git does not track is a warning', async ({ repo, workspace }) => {
  prepare(repo, table(GOOD.replace('docs/proof.md', 'docs/new.md')));
  repo.write('docs/new.md', 'x');
  const { findings } = await lintTracker(workspace, { path: 'SPEC.md', profile: 'strict' });
  expect(findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'warning tracker/evidence-untracked',
  ]);
});

test.for([
  ['a fence', `\`\`\`\n${HEADER}\n${DASHES}\n| 9 | X | X | Nonsense |  |  |  |  |  |  |  |\n\`\`\`\n`],
  ['a comment', `<!--\n${HEADER}\n${DASHES}\n| 9 | X | X | Nonsense |  |  |  |  |  |  |  |\n-->\n`],
  ['a quote', `> ${HEADER}\n> ${DASHES}\n> | 9 | X | X | Nonsense |  |  |  |  |  |  |  |\n`],
])('a table in %s is an example', async ([, text], { repo, workspace }) => {
  prepare(repo, `${text}\n${table(GOOD)}`);
  const { findings, rows } = await lintTracker(workspace, { path: 'SPEC.md', profile: 'strict' });
  expect([findings, rows]).toEqual([[], 1]);
});

test('CRLF, a byte order mark, escaped pipes and missing outer pipes change nothing', async ({
  repo,
  workspace,
}) => {
  const bare = GOOD.slice(2, -2).replace('fine', 'a \\| b');
  prepare(repo, `\uFEFF${table(bare, BACKLOG)}`.replaceAll('\n', '\r\n'));
  const { findings, rows } = await lintTracker(workspace, { path: 'SPEC.md', profile: 'strict' });
  expect([findings, rows]).toEqual([[], 2]);
});

const origin: [name: string, tracker: string, says: RegExp | undefined][] = [
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

test.for(origin)('profile origin, %s', async ([, tracker, says], { repo, workspace }) => {
  prepare(repo, tracker);
  const { findings, summary } = await lintTracker(workspace, { path: 'SPEC.md', profile: 'origin' });
  if (says === undefined) expect([findings, summary]).toEqual([[], expect.stringContaining('passed')]);
  else expect(findings.map(({ message }) => message).join('\n')).toMatch(says);
});
