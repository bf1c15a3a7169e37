import { expect } from 'vitest';
import type { UpdateTaskInput } from '../../schemas/inputs/tracker.js';
import { SpecError } from '../../src/errors.js';
import { appendRow, type NewRow } from '../../src/tracker/append.js';
import { updateTask } from '../../src/tracker/update.js';
import { test } from '../support/workspace.js';
import { BACKLOG, DASHES, GOOD, HEADER, prepare, table } from './cases.js';

const NOW = new Date('2026-11-24T12:00:00Z');
const SMALL = '| ID | Status |\n| --- | --- |\n| T2 | Backlog |\n';

/** One row of BACKLOG's place, what is asked, in one line each. */
const updates: readonly [row: string, changes: Omit<UpdateTaskInput, 'taskId'>][] = [
  [BACKLOG, {}],
  [BACKLOG, { status: 'In Progress' }],
  [BACKLOG, { status: 'In Progress', note: 'begun' }],
  [BACKLOG, { status: 'In Progress', evidence: 'docs/proof.md' }],
  [BACKLOG, { status: 'Backlog' }],
  [BACKLOG, { status: 'Backlog', note: 'still' }],
  [BACKLOG, { note: '  two  blanks and a | pipe \\ ' }],
  [BACKLOG, { note: ' ' }],
  [BACKLOG, { note: 'two\nlines' }],
  [BACKLOG, { branch: 'feat/x', pr: '#12' }],
  [BACKLOG, { branch: 'my branch' }],
  [BACKLOG, { branch: '' }],
  [BACKLOG, { pr: 'a\tb' }],
  [BACKLOG, { lastValidation: '2026-11-24' }],
  [BACKLOG, { lastValidation: '2026-11-25' }],
  [BACKLOG, { lastValidation: '2026-11-26' }],
  [BACKLOG, { lastValidation: '2026-02-30' }],
  [BACKLOG, { evidence: 'docs/proof.md, docs/prd.md' }],
  [BACKLOG, { evidence: 'docs/none.md' }],
  [BACKLOG, { evidence: 'docs/proof.md, docs/none.md' }],
  [BACKLOG, { evidence: '/etc/passwd' }],
  [BACKLOG, { evidence: 'docs/none.md, ../x' }],
  [BACKLOG, { evidence: 'looks fine' }],
  [BACKLOG, { evidence: 'docs/proof.md, looks fine' }],
  [BACKLOG, { evidence: 'https://example.com/a' }],
  [BACKLOG, { evidence: 'docs/proof.md, https://example.com/a' }],
  [BACKLOG, { evidence: 'docs/proof.md, https://example.com/a, looks fine' }],
  [BACKLOG, { status: 'Done', note: 'done' }],
  [BACKLOG, { status: 'Done', evidence: 'docs/proof.md' }],
  [GOOD.replace('T1', 'T2'), { status: 'Done' }],
  [GOOD.replace('T1', 'T2'), { status: 'In Review', note: 'again' }],
  [GOOD.replace('T1', 'T2').replace('docs/proof.md', 'docs/none.md'), { status: 'Done', note: 'x' }],
  [BACKLOG.replace('Backlog', ''), { status: 'Blocked', note: 'why' }],
  [BACKLOG.replace('Backlog', `${'long '.repeat(20)}status`), { status: 'Blocked', note: 'why' }],
  [BACKLOG.replace('Backlog', `${'long '.repeat(20)}status`), { status: 'Blocked' }],
  [BACKLOG.replace('Backlog', '**WIP**'), { status: 'Blocked', note: 'why' }],
  [BACKLOG.replace('Backlog', 'TODO'), { status: 'Backlog' }],
  ['| 2 | T2 | Two |', { note: 'x' }],
  ['| 2 | T2 | Two |', { status: 'Blocked', note: 'x' }],
  [`${BACKLOG} more | `, { note: 'x' }],
  [`${BACKLOG} | `, { note: 'x' }],
  [`${BACKLOG}\n${BACKLOG}`, { note: 'x' }],
  [BACKLOG.replace('T2', 'T22'), { note: 'x' }],
  [BACKLOG.replaceAll(' |', '|').replaceAll('| ', '|'), { note: 'x', branch: 'b' }],
];

test('every update: the new row and what changed, or why not', async ({ repo, workspace }) => {
  const fixed = { ...workspace, now: () => NOW };
  const said = [];
  const update = async (tracker: string, changes: Omit<UpdateTaskInput, 'taskId'>) => {
    prepare(repo, tracker);
    try {
      const { changed, before, after } = await updateTask(fixed, {
        trackerPath: 'SPEC.md',
        taskId: 'T2',
        ...changes,
      });
      const row = repo.read('SPEC.md').split('\n')[before.line - 1];
      expect(after.line).toBe(before.line);
      return `[${changed.join(', ')}] ${row}`;
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      expect(repo.read('SPEC.md')).toBe(tracker);
      return `${error.code}: ${error.message}`;
    }
  };
  for (const [row, changes] of updates)
    said.push(`${JSON.stringify(changes)} on ${row}\n    ${await update(table(GOOD, row), changes)}`);
  for (const changes of [
    { note: 'x' },
    { evidence: 'docs/proof.md' },
    { status: 'Done', evidence: 'docs/proof.md' },
  ] as const)
    said.push(`${JSON.stringify(changes)} on a small table\n    ${await update(SMALL, changes)}`);
  expect(said.join('\n')).toMatchSnapshot();
});

test('every reason why a row is not to be had', async ({ repo, workspace }) => {
  const named = (id: string) => BACKLOG.replace('T2', id);
  const without: readonly string[] = [
    '# Tasks\n',
    '| Task | Owner |\n| --- | --- |\n| T2 | Ana |\n',
    table(GOOD.replace('T1', 'OTHER')),
    table(GOOD, named('T22'), named('t2x'), named('T2-1')),
    `${table(GOOD)}\n${BACKLOG}\n`,
    `${table(GOOD)}\n<!-- hidden\n\n${table(BACKLOG)}`,
    `${table(GOOD)}\n\`\`\`\n${table(BACKLOG)}`,
    `${table(GOOD)}\n<!-- closed -->\n`,
    table(BACKLOG, BACKLOG),
    table(...Array.from({ length: 12 }, () => BACKLOG)),
  ];
  const said = [];
  for (const tracker of without) {
    prepare(repo, tracker);
    const asked = updateTask(workspace, { trackerPath: 'SPEC.md', taskId: 'T2', note: 'x' });
    said.push(await asked.then(String, (error: SpecError) => `${error.code}: ${error.message}`));
    expect(repo.read('SPEC.md')).toBe(tracker);
  }
  expect(said.join('\n')).toMatchSnapshot();
});

const NEW: NewRow = { id: 'T9', title: 'A | new \\ one\\', status: 'Backlog', notes: ' note ' };
const trackers: readonly (string | undefined)[] = [
  undefined,
  '',
  '# Tasks',
  '# Tasks\r\n\r\ntext',
  'text\r',
  table(GOOD, BACKLOG),
  table(GOOD, BACKLOG).trimEnd(),
  table(GOOD, BACKLOG).replaceAll('\n', '\r\n'),
  `${table(GOOD)}\nafter\n`,
  `# T\n\n${HEADER}\r\n${DASHES}\r\n${GOOD}\r\nafter\n`,
  `# T\r\n\r\n${HEADER}\n${DASHES}\n${GOOD}`,
  `${HEADER}\n${DASHES}\n`,
  table('   | 7 | T1 | One |', '   | x | T2 |'),
  table(GOOD.replace('| 1 |', '| 1.5 |'), BACKLOG.replace('| 2 |', '| -3 |')),
  `${SMALL}\n${table(GOOD)}`,
  `| Step | Status | ID |\n| --- | --- | --- |\n| a | Done | anything at all |\n\n${SMALL}`,
  SMALL,
  table(GOOD.replace('T1', 'T9')),
  table(GOOD.replace('T1', '**T9**')),
  `${table(GOOD)}\n\`\`\`\nopen\n`,
  '```\nopen\n',
  '<!-- open\n',
];

test('every place for a new row: the lines around it, or why there is none', () => {
  const said = trackers.map(tracker => {
    const before = tracker === undefined ? undefined : Buffer.from(tracker);
    try {
      const { bytes, row, line } = appendRow(before, NEW);
      const text = bytes.toString();
      expect(text).toContain(row);
      if (tracker !== undefined) {
        const at = text.indexOf(row);
        expect(text.replace(row, '').length).toBe(text.length - row.length);
        expect(tracker.startsWith(text.slice(0, Math.min(at, tracker.length)).trimEnd())).toBe(true);
      }
      return `${JSON.stringify(tracker)}\n    line ${line}: ${JSON.stringify(text.slice(-180))}`;
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      return `${JSON.stringify(tracker)}\n    ${error.code}: ${error.message}`;
    }
  });
  expect(said.join('\n')).toMatchSnapshot();
});
