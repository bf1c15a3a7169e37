import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SpecError } from '../../src/errors.js';
import { LIMITS } from '../../src/tracker/limits.js';
import { decodeTracker, eachLine, type Line } from '../../src/tracker/lines.js';

function linesOf(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  eachLine(bytes, line => lines.push({ ...line }));
  return lines;
}

/** As the definition says it, without a thought for speed. */
function byDefinition(bytes: Buffer): Line[] {
  const mark = bytes.subarray(0, 3).equals(Buffer.from('\uFEFF')) ? 3 : 0;
  const parts = bytes
    .subarray(mark)
    .toString()
    .split(/(\r\n|\n|\r)/);
  const lines: Line[] = [];
  let byte = mark;
  for (let i = 0; i < parts.length; i += 2) {
    const [text = '', end = ''] = [parts[i], parts[i + 1]];
    const length = Buffer.byteLength(text);
    if (text !== '' || end !== '') lines.push({ text, number: lines.length + 1, byte, bytes: length });
    byte += length + end.length;
  }
  return lines;
}

const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).map(text => text.replaceAll(/[\r\n\0]|\p{Cs}/gu, '')),
  fc.integer({ min: 0, max: 20_000 }).map(length => 'x'.repeat(length)),
  fc.integer({ min: 0, max: 9000 }).map(length => 'é'.repeat(length)),
);
const ending = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\r\n', '');
const text = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(line, ending), { maxLength: 30 }))
  .map(([mark, lines]) => `${mark ? '\uFEFF' : ''}${lines.flat().join('')}`);

test('every line has its text, number, place and length, whatever ends it and however long the file is', () => {
  fc.assert(
    fc.property(text, given => {
      const bytes = Buffer.from(given);
      expect(linesOf(bytes)).toEqual(byDefinition(bytes));
      expect(decodeTracker(bytes)).toBe(given);
    }),
    { numRuns: 200 },
  );
});

test('a text that only lone carriage returns divide is read in pieces, too', () => {
  const given = Array.from({ length: 300 }, (_, i) => `${i} ${'x'.repeat(1000)}`).join('\r');
  expect(linesOf(Buffer.from(given))).toEqual(byDefinition(Buffer.from(given)));
});

const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))));

test.for<[what: string, file: Buffer, byte: number, line: number, why: string]>([
  ['a NUL', bytes('a\nb', 0, 'c'), 3, 2, 'is NUL'],
  ['a NUL after a lone carriage return', bytes('a\rb\r\nc', 0), 6, 3, 'is NUL'],
  ['half a character', bytes('a\né', 0xc3, '('), 4, 2, 'is not valid UTF-8'],
  ['half a character at the end', bytes('a\n\n', 0xe2, 0x82), 3, 3, 'is not valid UTF-8'],
  ['a byte that begins nothing', bytes(0xff, 'a'), 0, 1, 'is not valid UTF-8'],
  ['half of a pair', bytes('ab', 0xed, 0xa0, 0x80), 2, 1, 'is not valid UTF-8'],
  ['a fault far below', bytes('x\n'.repeat(40_000), 0xff), 80_000, 40_001, 'is not valid UTF-8'],
])('%s is named by its byte and line', ([, file, byte, number, why]) => {
  const said = `byte ${byte} (line ${number}) ${why}.`;
  expect(() => linesOf(file)).toThrow(said);
  expect(() => linesOf(file)).toThrow(expect.objectContaining({ code: 'NOT_TEXT' }));
});

test.for(['\n', '\r'])('a line over the limit is refused by its number, after line end %j', end => {
  const most = 'x'.repeat(LIMITS.lineBytes);
  expect(linesOf(Buffer.from(`a${end}${most}${end}b`))).toHaveLength(3);
  const call = () => linesOf(Buffer.from(`a${end}${most}x${end}b`));
  expect(call).toThrow(SpecError);
  expect(call).toThrow(/line 2/i);
});
