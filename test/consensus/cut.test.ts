import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutToTokens, estimateTokens, shareTokens } from '../../src/consensus/cut.js';

const text = fc.array(
  fc.string({ maxLength: 60 }).map(line => line.replaceAll('\n', ' ')),
  { maxLength: 200 },
);

test('a cut text keeps whole lines of its start and end, says what is missing, and fits', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 60, max: 1500 }), (lines, tokens) => {
      const whole = lines.join('\n');
      const { text: cut, linesOmitted } = cutToTokens(whole, tokens);
      if (linesOmitted === 0) {
        expect(cut).toBe(whole);
        return;
      }
      expect(estimateTokens(cut)).toBeLessThanOrEqual(tokens);
      const kept = cut.split('\n');
      const at = kept.findIndex(line => line.startsWith(`[... ${linesOmitted} lines (`));
      expect(kept.slice(0, at)).toEqual(lines.slice(0, at));
      const tail = kept.slice(at + 1);
      expect(tail).toEqual(lines.slice(lines.length - tail.length));
      expect(at + tail.length + linesOmitted).toBe(lines.length);
      const left = lines.slice(at, lines.length - tail.length).join('\n');
      expect(kept[at]).toContain(`(${Buffer.byteLength(left)} bytes)`);
    }),
  );
});

test('70 % of what is kept is from the start', () => {
  const lines = Array.from({ length: 1000 }, (_, i) => `line ${String(i).padStart(4, '0')}`);
  const kept = cutToTokens(lines.join('\n'), 1000).text.split('\n');
  const at = kept.findIndex(line => line.startsWith('[... '));
  expect([at, kept.length - at - 1]).toEqual([215, 92]);
});

test.for<[needs: number[], budget: number, shares: number[]]>([
  [[10, 20], 30, [10, 20]],
  [[100, 10, 10], 60, [40, 10, 10]],
  [[100, 100, 100], 100, [50, 25, 25]],
  [[10, 100, 5], 55, [10, 40, 5]],
  [[10, 100, 100], 31, [10, 10, 11]],
  [[100], 40, [40]],
  [[], 40, []],
])('needs of %j share %i as %j', ([needs, budget, shares]) => {
  expect(shareTokens(needs, budget)).toEqual(shares);
});
