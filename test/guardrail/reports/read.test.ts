import { describe, expect, test } from 'vitest';
import { readReport } from '../../../src/guardrail/reports/read.js';

const counts = (executed: number, failed = 0, left = 0) => ({ executed, failed, left });
const problem = (words: string) => ({ problem: expect.stringContaining(words) });
type Case = readonly [what: string, text: string, expected: unknown];

describe('junit', () => {
  const suite = (inner: string, attributes = '') =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite name="a" ${attributes}>${inner}</testsuite></testsuites>\n`;
  test.for<Case>([
    ['cases', suite('<testcase name="1"/><testcase name="2"></testcase>'), counts(2)],
    ['a suite as the root', '<testsuite><testcase name="1"/></testsuite>', counts(1)],
    ['skipped ones', suite('<testcase><skipped message="no > yes"/></testcase><testcase/>'), counts(1, 0, 1)],
    [
      'a failure and an error',
      suite('<testcase><failure>x</failure></testcase><testcase><error/></testcase>'),
      counts(2, 2),
    ],
    ['a disabled one', suite('<testcase><disabled/></testcase><testcase/>'), counts(1, 0, 1)],
    ['a flaky one that passed in the end', suite('<testcase><flakyFailure/></testcase>'), counts(1)],
    [
      'gtest words',
      suite('<testcase status="notrun"/><testcase status="run" result="completed"/>'),
      counts(1, 0, 1),
    ],
    ['declared tests without a case', suite('', 'tests="12" failures="0"'), counts(0)],
    ['declared failures without a case', suite('<testcase/>', 'tests="2" errors="1"'), counts(1, 1)],
    ['an error of the suite itself', suite('<error>boom</error><testcase/>'), counts(1, 1)],
    [
      'markup in output',
      suite('<testcase><system-out><![CDATA[<failure>]]></system-out></testcase><!-- <testcase> -->'),
      counts(1),
    ],
    [
      'a failure that is not of the case',
      suite('<testcase><properties><failure/></properties></testcase>'),
      counts(1),
    ],
    [
      'single quotes, blanks and a BOM',
      "\uFEFF<testsuite >\n<testcase\n name = 'a>b' /></testsuite >",
      counts(1),
    ],
    ['a cut document', suite('<testcase/>').slice(0, -20), problem('do not match')],
    [
      'a document cut between elements',
      '<testsuites><testsuite><testcase/>',
      problem('ends inside <testsuite>'),
    ],
    ['a cut comment', '<testsuites><!-- ', problem('ends in the middle')],
    ['crossed tags', '<testsuites><a></b></testsuites>', problem('do not match')],
    ['a tag that begins with a digit', '<testsuites><1/></testsuites>', problem('malformed')],
    ['an attribute without a value', '<testsuites a></testsuites>', problem('malformed')],
    ['an end without a name', '<testsuites></></testsuites>', problem('do not match')],
    ['two roots', '<testsuites/><testsuites/>', problem('not one XML document')],
    ['text after the root', '<testsuites/>\nKilled', problem('not XML')],
    ['HTML', '<html><body></body></html>', problem('its root is <html>')],
    ['JSON', '{"tests": 5}', problem('not XML')],
    ['nothing', '', problem('not one XML document')],
    ['an entity bomb', '<!DOCTYPE x [<!ENTITY a "b">]><testsuites/>', problem('document type')],
    ['a deep one', '<testsuites>'.repeat(1000), problem('too deep')],
  ])('%s', ([, text, expected]) => {
    expect(readReport('junit', text)).toEqual(expected);
  });
});

describe('tap', () => {
  test.for<Case>([
    ['points', 'TAP version 13\n1..3\nok 1 - a\nnot ok 2 - b\nok 3\n', counts(3, 1)],
    ['a plan at the end', 'ok 1\r\nok 2\r\n1..2\r\n', counts(2)],
    ['skipped ones', '1..3\nok 1 # SKIP not here\nok 2 - x # skipped\nok 3\n', counts(1, 0, 2)],
    ['todo ones', '1..2\nnot ok 1 - later # TODO\nok 2 # todo\n', counts(0, 0, 2)],
    ['a hash in a name', '1..1\nok 1 - issue #7 skipped\n', counts(1)],
    [
      'subtests, which count instead of their parent',
      'TAP version 14\n# Subtest: a\n    ok 1 - x\n    ok 2 - y # SKIP\n    1..2\nok 1 - a\n1..1\n',
      counts(1, 0, 1),
    ],
    [
      'a suite whose subtests all were skipped',
      '# Subtest: a\n    ok 1 # SKIP\n    1..1\nok 1 - a\n1..1\n',
      counts(0, 0, 1),
    ],
    [
      'a parent that fails beside its subtests',
      '    ok 1\n    1..1\nnot ok 1 - teardown\n1..1\n',
      counts(1, 1),
    ],
    [
      'subtests in braces after their point',
      '1..2\nok 1 - a # time=1ms {\n    1..2\n    ok 1 - x\n    not ok 2 - y\n}\nnot ok 2 - b {\n    1..1\n    ok 1\n}\n',
      counts(3, 2),
    ],
    [
      'a failure two levels down once',
      '        not ok 1 - deep\n        1..1\n    not ok 1 - mid\n    1..1\nnot ok 1 - top\n1..1\n',
      counts(1, 1),
    ],
    [
      'a failure two levels down, and one beside it',
      '        not ok 1\n        1..1\n    not ok 1\n    not ok 2\n    1..2\nnot ok 1\nnot ok 2\n1..2\n',
      counts(3, 3),
    ],
    ['a suite that planned no tests', '    1..0\nok 1 - a\n1..1\n', counts(0)],
    ['a name that ends in a brace', '1..2\nok 1 - parses {\nok 2 - prints {\n', counts(2)],
    [
      'a failure of a subtest once',
      '    # Subtest: x\n    not ok 1 - x\n    1..1\nnot ok 1 - suite\n1..1\n',
      counts(1, 1),
    ],
    ['YAML with points in it', '1..2\nok 1\n  ---\n  message: |\n    not ok 5\n  ...\nok 2\n', counts(2)],
    ['a plan of none', '1..0 # skip all\n', counts(0)],
    ['fewer than planned', '1..5\nok 1\nok 2\n', problem('planned 5 tests and has 2')],
    ['a subtest with fewer than planned', '    1..2\n    ok 1\nok 1\n1..1\n', problem('planned 2')],
    ['no plan', 'ok 1\nok 2\n', problem('without a plan')],
    ['YAML that never ends', '1..2\nok 1\n  ---\n  a: b\nok 2\n', problem('planned 2 tests and has 1')],
    ['a run that bailed out', '1..1\nok 1\nBail out! no database\n', problem('bailed out')],
    ['something else', 'hello\nokay\n', counts(0)],
  ])('%s', ([, text, expected]) => {
    expect(readReport('tap', text)).toEqual(expected);
  });
});

describe('vitest-json', () => {
  const file = (statuses: readonly string[], status = 'passed') => ({
    name: 'a.test.ts',
    status,
    assertionResults: statuses.map(each => ({ status: each, title: 't' })),
  });
  const report = (...testResults: unknown[]) =>
    JSON.stringify({ success: true, numTotalTests: 9, testResults });
  test.for<Case>([
    [
      'tests of all kinds',
      report(file(['passed', 'failed', 'skipped', 'pending', 'todo', 'disabled'])),
      counts(2, 1, 4),
    ],
    ['several files', report(file(['passed']), file(['passed'])), counts(2)],
    ['a file that could not be collected', report(file(['passed']), file([], 'failed')), counts(1, 1)],
    [
      'no success and no reason',
      JSON.stringify({ success: false, testResults: [file(['passed'])] }),
      counts(1, 1),
    ],
    [
      'a failed test and a file that failed as a whole',
      JSON.stringify({ success: false, testResults: [file(['failed'], 'failed'), file([], 'failed')] }),
      counts(1, 2),
    ],
    ['numbers alone', '{"numTotalTests": 5, "numPassedTests": 5}', problem('not the JSON')],
    ['a cut file', report(file(['passed'])).slice(0, -3), problem('not the JSON')],
    ['no tests', report(), counts(0)],
  ])('%s', ([, text, expected]) => {
    expect(readReport('vitest-json', text)).toEqual(expected);
  });
});

describe('cargo', () => {
  const result = (word: string, passed: number, failed: number, ignored = 0, filtered = 0) =>
    `test result: ${word}. ${passed} passed; ${failed} failed; ${ignored} ignored; 0 measured; ${filtered} filtered out; finished in 0.01s\n`;
  test.for<Case>([
    ['one binary', `running 3 tests\ntest a ... ok\n${result('ok', 2, 0, 1)}`, counts(2, 0, 1)],
    [
      'several',
      `running 1 test\n${result('ok', 1, 0)}running 0 tests\n${result('ok', 0, 0, 0, 7)}`,
      counts(1, 0, 7),
    ],
    ['a failure', `running 2 tests\n${result('FAILED', 1, 1)}`, counts(2, 1)],
    ['colours', `running 1 test\n${result('\u001b[32mok\u001b[m', 1, 0)}`, counts(1)],
    [
      'a binary that died',
      `running 1 test\n${result('ok', 1, 0)}running 9 tests\ntest a ... ok\n`,
      problem('cut short'),
    ],
    [
      'a program that would not build',
      'error[E0425]: cannot find value\n',
      problem('no line "test result:"'),
    ],
    [
      'a test that prints such a line in the middle of one',
      `running 1 test\nout: ${result('ok', 50, 0)}${result('ok', 1, 0)}`,
      counts(1),
    ],
  ])('%s', ([, text, expected]) => {
    expect(readReport('cargo', text)).toEqual(expected);
  });
});
