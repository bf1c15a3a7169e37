import fc from 'fast-check';
import { expect } from 'vitest';
import { unescapePipes } from '../../src/tracker/cell-text.js';
import { updateTask } from '../../src/tracker/update.js';
import { test } from '../support/workspace.js';

const HEADER = ['| Task ID | Title | Status | Branch | PR | Notes |', '|---|---|---|---|---|---|'];

/** Text as people put it in cells: no pipe that is not escaped, no line end. */
const cell = fc
  .array(fc.constantFrom('a', 'Z', ' ', 'é', '中', '\\|', '`x`', '*b*', '_', '-', '#7', '😀'), {
    maxLength: 8,
  })
  .map(parts => parts.join('').trim());
const lineEnd = fc.constantFrom('\n', '\r\n');

test('an edit changes its cell and no other byte, reads back as given, and repeats as nothing', async ({
  repo,
  workspace,
}) => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        cells: fc.array(cell, { minLength: 4, maxLength: 4 }),
        end: lineEnd,
        bom: fc.boolean(),
        tail: cell,
      }),
      fc.string({ unit: fc.constantFrom('a', '|', '\\', '#', ' ', 'ü', '`'), minLength: 1, maxLength: 12 }),
      async ({ cells: [title = '', branch = '', pr = '', note = ''], end, bom, tail }, raw) => {
        const value = raw.trim();
        fc.pre(value !== '' && value !== unescapePipes(pr));
        const row = (text: string) => `| T1 |  ${title} | Backlog |${branch}| ${text}|  ${note} |`;
        const before = [...HEADER, row('@@'), '| T2 | x | Done |  |  |  |', '', tail].join(end);
        const text = (bom ? '\uFEFF' : '') + before.replace('@@', `${pr} `);
        repo.write('SPEC.md', text);
        const { after } = await updateTask(workspace, { trackerPath: 'SPEC.md', taskId: 'T1', pr: value });
        expect(unescapePipes(after.cells['PR'] ?? '')).toBe(value);
        const now = repo.read('SPEC.md');
        const [head = '', foot = ''] = ((bom ? '\uFEFF' : '') + before).split('@@');
        expect(now.startsWith(head.trimEnd())).toBe(true);
        expect(now.endsWith(foot.trimStart())).toBe(true);
        const again = await updateTask(workspace, { trackerPath: 'SPEC.md', taskId: 'T1', pr: value });
        expect(again.changed).toEqual([]);
        expect(repo.read('SPEC.md')).toBe(now);
      },
    ),
    { numRuns: 60 },
  );
});

test('a row that is given twice, and a column that is not there, are refused with what there is', async ({
  repo,
  workspace,
}) => {
  repo.write(
    'SPEC.md',
    [
      ...HEADER,
      '| T1 | a | Backlog |  |  |  |',
      '| T1 | b | Backlog |  |  |  |',
      '| T3 | c | Backlog |  |  |  |',
      '',
    ].join('\n'),
  );
  const edit = (taskId: string, change: object) =>
    updateTask(workspace, { trackerPath: 'SPEC.md', taskId, ...change });
  await expect(edit('T1', { pr: '#1' })).rejects.toMatchObject({
    code: 'AMBIGUOUS',
    message: expect.stringMatching(/3.*4/),
  });
  await expect(edit('T3', { lastValidation: '2026-11-01' })).rejects.toThrow(/Task ID.*Title.*Status/);
});
