import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitWords } from '../../src/guardrail/words.js';

test.for([
  ['npx judge --strict', ['npx', 'judge', '--strict']],
  [`  node -e 'console.log("a b")'  `, ['node', '-e', 'console.log("a b")']],
  ['say "a \\"b\\" c"d', ['say', 'a "b" cd']],
  ['say a\\ b ""', ['say', 'a b', '']],
  ['grep "a|b" x=1&y', ['grep', 'a|b', 'x=1&y']],
] as const)('%j is split as a person means it', ([line, words]) => {
  expect(splitWords(line)).toEqual({ words });
});

test.for([
  ['', /empty/],
  ['say "a', /quote/],
  ["say 'a", /quote/],
  ['say a\\', /quote/],
  ['a | b', /shell/],
  ['a && b', /shell/],
  ['a; b', /shell/],
  ['a > b', /shell/],
  ['say $(b)', /shell/],
  ['say `b`', /shell/],
] as const)('%j cannot be run', ([line, why]) => {
  expect(splitWords(line)).toEqual({ problem: expect.stringMatching(why) });
});

test('quoted words come back as they were, and no line makes it throw', () => {
  const quoted = (word: string) => `"${word.replaceAll(/["\\]/g, '\\$&')}"`;
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), words => {
      expect(splitWords(words.map(quoted).join(' '))).toEqual({ words });
    }),
  );
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...`a '"\\|;`) }), line => void splitWords(line)));
});
