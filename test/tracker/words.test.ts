import { expect, test } from 'vitest';
import { isNothing, linkOf, plainText } from '../../src/tracker/cell-text.js';
import { cellsOf, createCells, splitRow } from '../../src/tracker/cells.js';
import { readLayout } from '../../src/tracker/columns.js';
import { belongsTo, namesSpec } from '../../src/tracker/spec-rows.js';
import { readStatus } from '../../src/tracker/status.js';

test.for([
  ['T1', 'T1'],
  ['  T1 ', 'T1'],
  ['**T1**', 'T1'],
  ['***T1***', 'T1'],
  ['__T1__', 'T1'],
  ['~~T1~~', 'T1'],
  ['`T1`', 'T1'],
  ['**`T1`**', 'T1'],
  ['**T1*', '*T1'],
  ['**', ''],
  ['*', '*'],
  ['[T1](docs/a.md)', 'T1'],
  ['**[T1](docs/a.md)**', 'T1'],
  ['[`T1`](docs/a.md)', 'T1'],
  ['[``](docs/a.md)', '``'],
  ['[T1](docs/a.md) and more', '[T1](docs/a.md) and more'],
  ['a \\| b', 'a | b'],
  ['T1 T2', 'T1 T2'],
  ['x'.repeat(200), 'x'.repeat(200)],
] as const)('the cell %j says %j', ([raw, text]) => {
  expect(plainText(raw)).toBe(text);
});

test.for([
  '',
  '-',
  '--',
  '–',
  '—',
  'n/a',
  'N/A',
  'NA',
  'none',
  'TBD',
  'tba',
  '?',
  '…',
  '...',
  '**-**',
  '`n/a`',
])('%j says nothing', raw => expect(isNothing(raw)).toBe(true));

test.for(['0', 'no', 'nil', 'none yet', '- -', 'T', '????'])('%j says something', raw =>
  expect(isNothing(raw)).toBe(false),
);

test('a link is a label and a target, also between angle brackets', () => {
  expect(linkOf('[a]( <b c> )')).toEqual({ label: 'a', target: 'b c' });
  expect(linkOf('[a](b')).toBeUndefined();
  expect(linkOf('x[a](b)')).toBeUndefined();
  expect(linkOf('[a] (b)')).toBeUndefined();
});

const WORDS = {
  Backlog: [
    'Backlog',
    'todo',
    'to do',
    'TO-DO',
    'pending',
    'not started',
    'not_started',
    'planned',
    'queued',
    'open',
  ],
  'In Progress': [
    'In Progress',
    'in-progress',
    'wip',
    'work in progress',
    'inprogress',
    'doing',
    'started',
    'ongoing',
    'active',
  ],
  'In Review': [
    'In Review',
    '**in review**',
    'review',
    'needs review',
    'under review',
    'awaiting review',
    'ready for review',
  ],
  Blocked: ['Blocked', '`BLOCKED`'],
  Done: ['Done', 'complete', 'completed', 'closed', 'finished', 'Done 2025-09-29', 'done (2025-09-29)'],
} as const;

test('the words of every status, and none that could mean that it was given up', () => {
  const means = (word: string) => readStatus(word).status;
  for (const [status, words] of Object.entries(WORDS))
    expect(words.map(means), status).toEqual(words.map(() => status));
  const unknown = ['cancelled', 'dropped', 'deferred', 'wontfix', 'done?', 'not done', 'Done 2025-02-30', ''];
  expect(unknown.map(means)).toEqual(unknown.map(() => null));
});

/** Every name of a column, the best first: of two in one table the first counts. */
const COLUMNS = {
  id: ['task id', 'id', 'spec id', 'spec', 'ticket id', 'ticket', 'issue id', 'issue', 'key', 'item id'],
  order: ['order', '#', 'no', 'nr'],
  title: ['title', 'task', 'criterion', 'name', 'summary', 'description', 'deliverable'],
  status: ['status', 'task status', 'current status', 'state'],
  owners: ['owners', 'owner', 'assignee', 'assignees', 'assigned to'],
  prd: ['prd', 'prds', 'prd path'],
  branch: ['branch', 'branches'],
  pr: ['pr', 'prs', 'pull request', 'mr'],
  lastValidation: ['last validation', 'last validated'],
  evidence: ['evidence', 'evidence path', 'evidence paths'],
  notes: ['notes', 'note', 'comments', 'comment', 'remarks'],
} as const;

test.for(Object.entries(COLUMNS))(
  'a column for %s is known by any of its names; the best of two counts',
  ([role, names]) => {
    const rest = role === 'id' ? ['Status'] : role === 'status' ? ['ID'] : ['ID', 'Status'];
    const columnIn = (...headers: readonly string[]) => {
      const roles = Object.entries(readLayout([...headers, ...rest])?.roles ?? {});
      return roles.find(([name]) => name === role)?.[1];
    };
    expect(names.map(name => columnIn(name.toUpperCase()))).toEqual(names.map(() => 0));
    const [best, ...others] = names;
    expect(others.map(name => columnIn(name, best ?? ''))).toEqual(others.map(() => 1));
    expect(columnIn('other') ?? -1).toBe(-1);
  },
);

const LOOSE = ['stage', 'phase', 'task', 'milestone', 'deliverable', 'step', 'item', 'feature', 'component'];

test('without a column of ids, one that names parts of the work is it, and its values may repeat', () => {
  for (const name of LOOSE)
    expect(readLayout([name, 'Status']), name).toMatchObject({ looseIds: true, roles: { id: 0, status: 1 } });
  expect(readLayout(['Stage', 'ID', 'Status'])).toMatchObject({ looseIds: false, roles: { id: 1 } });
  expect(readLayout(['Owner', 'Status'])).toBeUndefined();
  expect(readLayout(['ID', 'Owner'])).toBeUndefined();
});

const ID = 'SPEC-KIT-018';

test.for([
  [ID, true],
  [`docs/${ID}/spec.md`, true],
  [`docs/${ID}-health-check/spec.md`, true],
  [`see ${ID}.`, true],
  [`(${ID})`, true],
  [`feat/${ID}-health`, true],
  [`${ID}-HEALTH`, false],
  [`${ID}-1`, false],
  [`${ID}9`, false],
  [`X${ID}`, false],
  [`A-${ID}`, false],
  [`_${ID}`, false],
  [`X${ID} and ${ID}`, true],
  [`docs/${ID}/evidence/commands/SPEC-A-1/x`, false],
  [`docs/${ID}/evidence/commands-x`, true],
  [`docs/${ID}/evidence/notes.md`, true],
  [`docs/${ID}-Health-x`, false],
  ['SPEC-KIT-01', false],
] as const)('%j names the spec: %s', ([text, names]) => {
  expect(namesSpec(text, ID)).toBe(names);
});

test.for([
  ['| 018 | x | docs/SPEC-KIT-018/spec.md | | | |', true],
  ['| T1 | about SPEC-KIT-018 | | | | |', true],
  ['| T1 | x | | feat/SPEC-KIT-018-x | | |', true],
  ['| T1 | x | | | docs/SPEC-KIT-018/log.txt | |', true],
  ['| T1 | x | | | | SPEC-KIT-018 |', false],
  ['| **SPEC-KIT-018** | x | | | | |', true],
  ['| SPEC-KIT-0180 | x | | | | |', false],
] as const)('the row %s is of the spec: %s', ([row, belongs]) => {
  const layout = readLayout(cellsOf('| Task ID | Title | PRD | Branch | Evidence | Status |'));
  const cells = createCells();
  splitRow(row, 0, cells);
  expect(layout && belongsTo(layout, row, cells, ID)).toBe(belongs);
});
