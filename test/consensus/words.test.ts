import { expect, test } from 'vitest';
import { contained, overlap, wordsOf } from '../../src/consensus/words.js';

test('words are what carries the meaning, in lower case, with paths whole', () => {
  expect([...wordsOf('The plan in docs/a.md is READY for the R1-check, and so on.')]).toEqual([
    'plan',
    'docs/a.md',
    'ready',
    'r1-check',
  ]);
  expect(wordsOf('… – ! is a').size).toBe(0);
  expect([...wordsOf('Über größe')]).toEqual(['über', 'größe']);
});

test('overlap counts the shared words of all words', () => {
  const one = wordsOf('alpha beta gamma');
  expect(overlap(one, wordsOf('beta gamma delta'))).toBe(0.5);
  expect(overlap(one, one)).toBe(1);
  expect(overlap(one, wordsOf('delta'))).toBe(0);
  expect(overlap(wordsOf(''), wordsOf(''))).toBe(0);
});

test('contained counts the words of the first alone', () => {
  expect(contained(wordsOf('alpha beta'), wordsOf('beta gamma delta'))).toBe(0.5);
  expect(contained(wordsOf(''), wordsOf('alpha'))).toBe(0);
});
