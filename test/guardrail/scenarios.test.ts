import { expect, test } from 'vitest';
import { sha256Of } from '../../src/evidence/digest.js';
import { scenariosOf } from '../../src/guardrail/scenarios.js';

const check = (status: 'passed' | 'failed' | 'not_run' | 'waived') => ({
  check: { name: 'lint', status, required: true, message: 'said' },
});

test('a check passed or failed, or else it is skipped: nothing that did not run becomes a pass', () => {
  const told = (['passed', 'failed', 'not_run', 'waived'] as const).flatMap(status =>
    scenariosOf([check(status)]),
  );
  expect(told.map(({ status }) => status)).toEqual(['passed', 'failed', 'skipped', 'skipped']);
});

test('without a check there is one that was skipped', () => {
  expect(scenariosOf([])).toEqual([{ name: 'none', status: 'skipped' }]);
});

test('the digest is that of the file that the check names as its log, and of no other', () => {
  const bytes = Buffer.from('all is well\n');
  const files = [
    { name: 'report.xml', bytes: Buffer.from('<x/>') },
    { name: 'lint.txt', bytes },
  ];
  const ran = {
    ...check('passed').check,
    log: 'docs/evidence/lint.txt',
    durationMs: 3,
    exitCode: 0,
    tests: 2,
  };
  expect(scenariosOf([{ check: ran, files }])).toEqual([
    {
      name: 'lint',
      status: 'passed',
      durationMs: 3,
      exitCode: 0,
      log: ran.log,
      tests: 2,
      digest: sha256Of(bytes),
    },
  ]);
  expect(scenariosOf([{ ...check('passed'), files }])).toEqual([{ name: 'lint', status: 'passed' }]);
});
