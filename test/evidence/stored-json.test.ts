import { expect, test } from 'vitest';
import { jsonErrorAt, readStored } from '../../src/evidence/stored-json.js';

const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))));

test.for<[what: string, stored: Buffer, value: unknown, flaw: number | undefined]>([
  ['as it should be', bytes('{"a":1}\n'), { a: 1 }, undefined],
  ['without its last line end', bytes('{"a":1}'), { a: 1 }, 7],
  ['with a blank', bytes('{"a": 1}\n'), { a: 1 }, 5],
  ['with a blank after two bytes of one character', bytes('{"é": 1}\n'), { é: 1 }, 6],
  ['with a real U+FFFD', bytes('{"a":"\uFFFD"}\n'), { a: '\uFFFD' }, undefined],
  ['with a byte that is no UTF-8', bytes('{"a":"', 0xff, '"}\n'), { a: '\uFFFD' }, 6],
  ['with one after a real U+FFFD', bytes('{"a":"\uFFFD', 0xff, '"}\n'), { a: '\uFFFD\uFFFD' }, 9],
  ['with one after a blank', bytes('{"a": "', 0xff, '"}\n'), { a: '\uFFFD' }, 5],
  ['that is no JSON', bytes('{"a"'), undefined, 4],
])('JSON %s is read, and its first flaw is named', ([, stored, value, flaw]) => {
  expect(readStored(stored)).toEqual({ value, flaw });
});

test.for<[text: Buffer, at: number | undefined]>([
  [bytes('{"a":1}'), undefined],
  [bytes('{"a"x'), 4],
  [bytes('{"é"x'), 5],
  [bytes('{"a":'), 4],
  [bytes(''), 0],
  [bytes('{"\uFFFD"x'), 6],
  [bytes('{"', 0xff, '"x'), 2],
])('%j stops being JSON at byte %i', ([text, at]) => {
  expect(jsonErrorAt(text)).toBe(at);
});
