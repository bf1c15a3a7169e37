import { expect, test } from 'vitest';
import { isNothing, linkOf, plainText } from '../../src/tracker/cell-text.js';
import { cellsOf, createCells, splitRow } from '../../src/tracker/cells.js';
import { readLayout } from '../../src/tracker/columns.js';
import { belongsTo, namesSpec } from '../../src/tracker/spec-rows.js';

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
