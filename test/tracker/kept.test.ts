import { expect, test } from 'vitest';
import { countsOf, createFindings, report, sorted, unlisted } from '../../src/tracker/findings.js';
import { valueRules } from '../../src/tracker/value-rules.js';

const { evidenceMissing, evidenceUntracked } = valueRules;

test('all findings are counted, 5,000 of each rule are listed, and how many more there are is known', () => {
  const findings = createFindings('SPEC.md');
  for (let line = 5002; line > 0; line--) report(findings, evidenceMissing, line, 1, () => 'm');
  report(findings, evidenceUntracked, 1, 1, () => 'w');
  expect(countsOf(findings)).toEqual({ error: 5002, warning: 1, info: 0 });
  expect(unlisted(findings)).toEqual([[evidenceMissing, 2]]);
  expect(findings.listed).toHaveLength(5001);
  const places = sorted(findings).map(({ severity, line }) => `${severity} ${line}`);
  expect([places[0], places[1], places.at(-1)]).toEqual(['error 3', 'error 4', 'warning 1']);
});

test('findings of one line come from left to right', () => {
  const findings = createFindings('SPEC.md');
  for (const column of [9, 2, 5]) report(findings, evidenceMissing, 1, column, () => 'm', 'fix');
  expect(sorted(findings).map(({ column, fix }) => `${column} ${fix}`)).toEqual(['2 fix', '5 fix', '9 fix']);
});
