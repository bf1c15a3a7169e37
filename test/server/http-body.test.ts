import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDeeper } from '../../src/server/http-body.js';

function depth(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depth));
}

test('counts the depth of any JSON, whatever its strings hold', () => {
  const texts = fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ']', '}', 'a', 'é', '\n') });
  const json = fc.letrec(tie => ({
    value: fc.oneof({ maxDepth: 8 }, texts, fc.integer(), tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc.dictionary(texts, tie('value'), { maxKeys: 3 }),
  })).value;
  fc.assert(
    fc.property(json, fc.boolean(), (value, pretty) => {
      const bytes = Buffer.from(JSON.stringify(value, null, pretty ? 2 : 0));
      const levels = depth(value);
      expect(isDeeper(bytes, levels)).toBe(false);
      if (levels > 0) expect(isDeeper(bytes, levels - 1)).toBe(true);
    }),
  );
});

test('takes any bytes', () => {
  fc.assert(fc.property(fc.uint8Array(), bytes => typeof isDeeper(bytes, 3) === 'boolean'));
});
