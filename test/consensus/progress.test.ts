import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutProgress } from '../../src/consensus/progress.js';

const table = (status: string, task = 'Build it') =>
  `# Tasks\n\n| Order | Task | Status |\n| --- | --- | --- |\n| 1 | ${task} | ${status} |\n\n- [ ] one\n`;

test('how far the work is changes nothing; what the work is does', () => {
  expect(withoutProgress(table('Done'))).toBe(withoutProgress(table('Backlog')));
  expect(withoutProgress(table('Backlog').replace('[ ]', '[x]'))).toBe(withoutProgress(table('Backlog')));
  expect(withoutProgress(table('Done', 'Leave it'))).not.toBe(withoutProgress(table('Done')));
  expect(withoutProgress(table('Done, but not R2'))).not.toBe(withoutProgress(table('Done')));
  expect(withoutProgress('| Task |\n| --- |\n| Done |\n')).toBe('| Task |\n| --- |\n| Done |\n');
});

test('two texts that differ in more than progress stay different', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(
    fc.property(word, word, fc.constantFrom('Done', 'Backlog', 'In Review'), (one, other, status) => {
      fc.pre(one !== other);
      expect(withoutProgress(table(status, one))).not.toBe(withoutProgress(table('Backlog', other)));
    }),
  );
});
