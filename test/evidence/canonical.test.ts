import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/evidence/canonical.js';
import { readCanonical } from '../../src/evidence/canonical-read.js';

describe('canonical JSON', () => {
  it.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [
      { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 },
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    ],
    [[333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, -0], '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]'],
    ['\u20ac$\u000f\nA\'B"\\\\"/', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'],
    [{ a: undefined, b: {} }, '{"b":{}}'],
  ])('writes %j in the form of RFC 8785', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['\ud800'], [() => 0], [{ '\udc00': 1 }]])(
    'refuses what JSON cannot hold: %j',
    value => {
      expect(() => canonicalJson(value)).toThrowError(TypeError);
    },
  );

  it('refuses depth over 64 instead of overflowing', () => {
    const nested = (depth: number) => Array.from({ length: depth }).reduce<unknown>(inner => [inner], 1);
    expect(canonicalJson(nested(64))).toBe(`${'['.repeat(64)}1${']'.repeat(64)}`);
    expect(() => canonicalJson(nested(65))).toThrowError(TypeError);
  });
});

const flawOf = (text: string) => {
  const read = readCanonical(text);
  return 'flaw' in read ? read.flaw : undefined;
};

describe('the canonical form of a file', () => {
  it('is read as JSON.parse reads it, for any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: 'binary' }), value => {
        const text = canonicalJson(value);
        if (text.includes('"__proto__":')) return;
        expect(readCanonical(`${text}\n`)).toStrictEqual({ value: JSON.parse(text) });
      }),
    );
  });

  it('has no members that would change the object they are read into', () => {
    expect(flawOf('{"a":{"__proto__":{"polluted":1}}}\n')).toBe(6);
  });

  it('is denied to every other text of the same value, and to what is no JSON', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 2 }),
        (value, at, extra) => {
          const text = `${canonicalJson(value)}\n`;
          const cut = at % (text.length + 1);
          const changed = text.slice(0, cut) + extra + text.slice(cut);
          const flaw = flawOf(changed);
          const isCanonical = () => `${canonicalJson(JSON.parse(changed))}\n` === changed;
          if (flaw === undefined) expect(isCanonical()).toBe(true);
          else expect(flaw).toBeLessThanOrEqual(changed.length);
        },
      ),
    );
  });

  it.each([
    ['{"a": 1}\n', 5],
    ['{"b":1,"a":2}\n', 7],
    ['{"a":1,"a":2}\n', 7],
    ['{"a":1.0}\n', 5],
    ['{"a":12345678901234567890}\n', 5],
    ['[-0]\n', 1],
    ['"\\u0041"\n', 1],
    ['"\\u000A"\n', 1],
    ['"\\u000a"\n', 1],
    ['"\\/"\n', 1],
    ['"a\ud800b"\n', 2],
    ['"a\tb"\n', 2],
    ['[1,]\n', 3],
    ['{"a":1}', 7],
    ['{"a":1}\n\n', 7],
    ['{"a":1}\r\n', 7],
    ['\ufeff{}\n', 0],
    ['"abc', 4],
    ['', 0],
    [`${'['.repeat(200_000)}`, 65],
  ])('%j is flawed at %i', (text, at) => {
    expect(flawOf(text)).toBe(at);
  });
});
