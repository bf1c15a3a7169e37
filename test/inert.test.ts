import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inert, inertJson } from '../src/inert.js';

const ESC = '\x1b';

/** What must never reach a terminal or a model. */
const ACTS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u;

test.for([
  ['colours', `${ESC}[31mred${ESC}[0m`, 'red'],
  ['a cursor that moves up and a line that is cleared', `ok${ESC}[1A${ESC}[2Kfailed`, 'okfailed'],
  ['a window title', `${ESC}]0;title\x07x`, 'x'],
  ['a hyperlink', `${ESC}]8;;http://a.example${ESC}\\label${ESC}]8;;${ESC}\\`, 'label'],
  ['a write to the clipboard', `${ESC}]52;c;ZWNobw==\x07`, ''],
  ['device control', `${ESC}Pq#0;2;0;0;0${ESC}\\x`, 'x'],
  ['an application command', `${ESC}_payload${ESC}\\x`, 'x'],
  ['a privacy message', `${ESC}^payload${ESC}\\x`, 'x'],
  ['a start of string', `${ESC}Xpayload${ESC}\\x`, 'x'],
  ['sequences in their one-byte form', '\x9b31mred\x9d0;t\x9c\x90q\x9c', 'red'],
  ['a sequence in two', `${ESC}${ESC}[31m[31mx`, '31mx'],
  ['a sequence without an end: what follows stays to be read', `${ESC}]0;not over`, '0;not over'],
  ['an escape at the very end', `x${ESC}`, 'x'],
  ['a character set', `${ESC}(0x`, 'x'],
  ['a reset', `${ESC}cx`, 'x'],
  ['backspaces', 'failed\b\b\b\b\b\bpassed', 'failedpassed'],
  ['a carriage return that overwrites', 'failed\rpassed', 'failed␍passed'],
  ['line ends of Windows', 'a\r\nb', 'a\nb'],
  ['NUL, bell, DEL', 'a\0b\x07c\x7fd', 'abcd'],
  ['tab and line feed stay', 'a\tb\nc', 'a\tb\nc'],
  ['text that runs backwards', 'a\u202egnp.exe', 'a<U+202E>gnp.exe'],
  ['isolates', '\u2066x\u2069', '<U+2066>x<U+2069>'],
  ['zero width', 'pass\u200bed', 'pass<U+200B>ed'],
  ['a byte order mark inside', 'a\ufeffb', 'a<U+FEFF>b'],
  ['a soft hyphen', 'a\u00adb', 'a<U+00AD>b'],
  ['hidden tags', 'a\u{e0041}\u{e0042}', 'a<U+E0041><U+E0042>'],
  ['a line separator', 'a\u2028b', 'a<U+2028>b'],
  ['half a character', 'a\ud83d', 'a\ufffd'],
  ['accents and emoji stay', 'é ü 漢字 🚀', 'é ü 漢字 🚀'],
] as const)('%s', ([, text, shown]) => {
  expect(inert(text)).toBe(shown);
});

test('whatever comes in, nothing that acts comes out, and a second time changes nothing', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(ESC, '[', ']', 'P', '\x07', '\\', '\x9b', '\x9c', '\r', '\n', '31m', '\u202e', '\ud800'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
      const once = inert(pieces.join(''));
      return !ACTS.test(once) && inert(once) === once;
    }),
    { numRuns: 500 },
  );
});

test('plain text is left alone', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), text => inert(text) === text));
});

test.for([ESC, `${ESC}]`, '\x9d', `${ESC}[`, `${ESC}[${'0'.repeat(63)}`, '\u202e', `${ESC}P\x07`])(
  'half a megabyte of %j is done in linear steps',
  unit => {
    const text = unit.repeat(Math.ceil(500_000 / unit.length));
    expect(ACTS.test(inert(text))).toBe(false);
  },
);

test('goes through a value, names included, and keeps everything else', () => {
  const value = { [`a${ESC}[1m`]: [`b\u200b`, 1, null, { c: true }] };
  expect(inertJson(value)).toEqual({ a: ['b<U+200B>', 1, null, { c: true }] });
});
