import { expect } from 'vitest';
import { lintTracker } from '../../src/tracker/lint.js';
import { test } from '../support/workspace.js';
import { BACKLOG, DASHES, faulty, GOOD, HEADER, originCases, prepare, table } from './cases.js';

const row = (cells: string) => `| ${cells} |`;
const OWN = '| ID | Status | Who | Evidence |';
const many = Array.from({ length: 3 }, (_, i) =>
  row(`${i + 1} | M${i} | Many | Backlog | Ana |  | feat/gone |  |  |  | `),
);

/** Trackers with several faults, that meet in one row, or at the ends of tables and lines. */
const mixed: readonly (readonly [name: string, tracker: string])[] = [
  ['nothing at all', ''],
  ['a head alone', `${HEADER}\n${DASHES}\n`],
  ['a head without an end of line', `${HEADER}\n${DASHES}`],
  ['a head that a space precedes', `   ${HEADER}\n   ${DASHES}\n   ${GOOD}\n`],
  ['a head that is code', `    ${HEADER}\n    ${DASHES}\n`],
  ['rows without pipes at their ends', table(GOOD.slice(2, -2), BACKLOG.slice(2, -2))],
  ['no blanks in cells', table(GOOD.replaceAll(' | ', '|'))],
  ['every cell wrong', table(row('x | a b | | done? | | ../prd.md | my branch | | 2026-02-30 | none.md | '))],
  [
    'every status',
    table(
      ...[
        'Backlog',
        'In Progress',
        'In Review',
        'Blocked',
        'Done',
        'WIP',
        'todo',
        'doing',
        'closed',
        '✅ Done',
        '~~Done~~',
        '`Done`',
        'Done (see notes)',
        '-',
        '',
      ].map((status, i) => row(`${i + 1} | S${i} | s | ${status} | O${i} |  |  |  |  | docs/proof.md | `)),
    ),
  ],
  [
    'orders',
    table(
      ...['1', '1', '01', '1.5', '-1', '', '#4', '**5**', '99999999999999999999'].map((order, i) =>
        row(`${order} | O${i} | o | Backlog |  |  |  |  |  |  | `),
      ),
    ),
  ],
  [
    'ids',
    table(
      ...['T1', 't1', '**T1**', '`T2`', '[T3](#t3)', 'T 4', 'T/5', '~~T6~~', 'SPEC-KIT-001'].map((id, i) =>
        row(`${i + 1} | ${id} | i | Backlog |  |  |  |  |  |  | `),
      ),
    ),
  ],
  [
    'owners and branches in progress',
    table(
      ...[
        'Ana | | main',
        'Ana, Bob | | main',
        'Bob & Cid | | none',
        '- | | n/a',
        'Dan | | feat/x',
        '@ana; Eve | | feat/y',
      ].map((cells, i) => row(`${i + 1} | P${i} | p | In Progress | ${cells} | | | | `)),
    ),
  ],
  [
    'dates',
    table(
      ...[
        '2026-11-20',
        '20.11.2026',
        '2026/11/20',
        '2026-11-20T10:00:00Z',
        '2026-11-31',
        '2999-01-01',
        'today',
        '-',
        '**2026-11-20**',
        '2026-1-2',
      ].map((date, i) => row(`${i + 1} | D${i} | d | Backlog |  |  |  |  | ${date} |  | `)),
    ),
  ],
  [
    'evidence',
    table(
      ...[
        'docs/proof.md',
        'proof.md',
        'docs/proof.md, docs/none.md',
        'looks fine',
        'https://example.com/a',
        '/etc/passwd',
        '~/x.md',
        '../x.md',
        '-',
        '',
        '[proof](docs/proof.md)',
        '`docs/proof.md`',
        'docs/../docs/proof.md',
        'none/../docs/proof.md',
        'docs/x/../proof.md',
        '..',
        '../../docs/proof.md',
        'docs/proof.md (12 lines)',
        'docs/',
      ].map((evidence, i) =>
        row(`${i + 1} | E${i} | e | ${i % 2 === 0 ? 'Done' : 'Backlog'} | Ana |  |  |  |  | ${evidence} | `),
      ),
    ),
  ],
  ['branches that are gone', table(...many)],
  [
    'too many and too few cells',
    table(
      GOOD,
      row('2 | T2'),
      `${GOOD.replace('| 1 |', '| 3 |')} x | y |`,
      '| 4 |',
      `${BACKLOG}  |`,
      `${BACKLOG}  | x |`,
      'no row at all',
      BACKLOG,
    ),
  ],
  ['a head that comes again', table(GOOD, HEADER, DASHES, BACKLOG)],
  ['two tables', `${table(GOOD)}\n## More\n\n${table(BACKLOG, GOOD)}`],
  [
    'a table of other columns',
    `${table(GOOD)}\n${OWN}\n| --- | --- | --- | --- |\n| X1 | Nonsense | Ana | docs/none.md |\n| X1 | Done | | |\n`,
  ],
  ['a table inside a list', `- one\n\n  ${HEADER}\n  ${DASHES}\n  ${GOOD}\n`],
  ['a fence that is not closed', `${table(GOOD)}\n~~~\n${BACKLOG}\n`],
  ['a comment that is not closed', `${table(GOOD)}\n<!-- \n${BACKLOG}\n`],
  ['conflict marks', table('<<<<<<< HEAD', GOOD, '=======', BACKLOG, '>>>>>>> other')],
  ['rows that stand loose', `${table(GOOD)}\ntext\n\n${BACKLOG}\n\n${GOOD}\n`],
  ['hidden characters', table(GOOD.replace('Done', 'Do\u200Bne'), BACKLOG.replace('T2', 'T\u202E2'))],
  ['a carriage return inside', table(GOOD.replace('fine', 'fi\rne'))],
  ['an unequal delimiter row', [HEADER, '| --- | --- |', GOOD].join('\n')],
];

/** What stands around a table and may hide it, or make none of it. */
const around: readonly (readonly [name: string, tracker: string])[] = [
  ...['---|', '|::-|', '|- -|', '|:-:|', '|:|', '|--x|', '- | -'].map(
    cell =>
      [
        `dashes as ${cell}`,
        `| Status |\n${cell}\n| Done |\n\n| ID | Status |\n${cell}${cell}\n| T1 | Done |\n`,
      ] as const,
  ),
  ...[
    '<!DOCTYPE x',
    '<?php',
    '<![CDATA[',
    '<!a',
    '<! a',
    '<!1',
    '<div',
    '</div',
    '<div>',
    '<DIV',
    '<divx',
    '<script>',
    '</script>',
    '<pre x',
    '<span>',
    '<a>b',
    '~~~~',
    '``` a`b',
    '    code',
    '    > quote',
    '   > quote',
    '\t> quote',
    '    - item',
    '    ```',
    '   ```',
    '> quote',
    '- item',
    '1. item',
    '2) item',
    '# head',
    '---',
    '***',
    '===',
    '\\| x',
  ].map(text => [`after ${text}`, `${text}\n${HEADER}\n${DASHES}\n${GOOD}\n`] as const),
  ...['-->', '?>', ']]>', '>', '</div>', '</script>', '~~~', '```'].map(
    end =>
      [
        `closed by ${end}`,
        `<!-- x\n<?y\n${end}\n${table(GOOD)}\n<div>\nz\n${end}\n\n${table(GOOD)}`,
      ] as const,
  ),
];

const trackers = [
  ...around,
  ...mixed,
  ...faulty.map(([code, tracker, line]) => [`${code} ${line} ${tracker.length}`, tracker] as const),
  ...originCases.map(([name, tracker]) => [name, tracker] as const),
];

test.for(['strict', 'origin'] as const)(
  'every finding of profile %s, whole',
  async (profile, { repo, workspace }) => {
    prepare(repo, table(GOOD));
    const found = [];
    for (const [name, tracker] of trackers) {
      repo.write('SPEC.md', tracker);
      const { findings, rows, counts, summary } = await lintTracker(workspace, { path: 'SPEC.md', profile });
      found.push(`# ${name}`, `${rows} rows, ${counts.error} ${counts.warning} ${counts.info}: ${summary}`);
      for (const { line, column, severity, code, message, fix } of findings)
        found.push(
          `${line}:${column} ${severity} ${code} ${message}${fix === undefined ? '' : ` FIX ${fix}`}`,
        );
    }
    expect(found.join('\n')).toMatchSnapshot();
  },
);
