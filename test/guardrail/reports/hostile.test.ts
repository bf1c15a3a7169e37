import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REPORT_FORMATS } from '../../../schemas/settings.js';
import { readReport } from '../../../src/guardrail/reports/read.js';

const pieces = fc.constantFrom(
  ...[
    '<testsuites>',
    '</testsuites>',
    '<testcase ',
    '/>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    'a="',
    "='",
    '<failure/>',
  ],
  ...[
    'ok 1',
    'not ok',
    ' # SKIP',
    '1..2',
    '  ---',
    '  ...',
    '    ',
    '\n',
    '\r\n',
    'running 2 tests',
    '\u001b[1m',
  ],
  ...[
    '{"testResults":',
    '[',
    ']',
    '}',
    '"status":',
    '"passed"',
    'test result: ok. 1 passed; ',
    '\0',
    '\uD800',
    '\uFEFF',
  ],
);

test.for(REPORT_FORMATS)(
  '%s: whatever the bytes, there is an answer, with no more failed and executed than there can be',
  format => {
    const check = (text: string) => {
      const reading = readReport(format, text);
      if ('problem' in reading) expect(reading.problem).not.toBe('');
      else
        for (const count of [reading.executed, reading.failed, reading.left])
          expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => check(Buffer.from(bytes).toString())));
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), parts => check(parts.join(''))),
      { numRuns: 500 },
    );
  },
);

test('a report that claims more tests is believed only as far as the cases go', () => {
  const cases = fc.array(
    fc.constantFrom('<testcase/>', '<testcase><skipped/></testcase>', '<testcase><failure/></testcase>'),
  );
  fc.assert(
    fc.property(cases, fc.nat(1000), (inner, claimed) => {
      const text = `<testsuites tests="${claimed}"><testsuite tests="${claimed}">${inner.join('')}</testsuite></testsuites>`;
      const number = (part: string) => inner.filter(each => each.includes(part)).length;
      expect(readReport('junit', text)).toEqual({
        executed: inner.length - number('skipped'),
        failed: number('failure'),
        left: number('skipped'),
      });
    }),
  );
});

test.for([
  ['junit', '<'.repeat(400_000)],
  ['junit', `<a${' x="1"'.repeat(80_000)}`],
  ['junit', `<a ${' '.repeat(400_000)}`],
  ['junit', '<a>'.repeat(130_000)],
  ['tap', Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth)}ok`).join('\n')],
  ['tap', `ok ${'# '.repeat(200_000)}`],
  ['cargo', `test result: ${'1'.repeat(400_000)}`],
  ['vitest-json', '['.repeat(400_000)],
] as const)('%s answers on a text made to take long', ([format, text]) => {
  expect(readReport(format, text)).toBeDefined();
});
