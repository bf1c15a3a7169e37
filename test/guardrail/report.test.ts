import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Check } from '../../schemas/guardrail.js';
import { reported } from '../../src/guardrail/report.js';

const check = (name: string, status: Check['status'], message = 'Seen.', required = true): Check => ({
  name,
  status,
  required,
  message,
  durationMs: 1,
});

test('a report that fits has all checks in their order, and says nothing of omissions', () => {
  const checks = [check('a', 'passed'), check('b', 'failed'), check('c', 'waived')];
  const waivers = [{ check: 'c', by: 'Ana', reason: 'known' }];
  expect(reported(checks, waivers)).toEqual({
    checks: checks.map(({ name, status, message }) => ({ name, status, message })),
    waivers,
  });
});

test('what failed and what did not run is kept before what passed', () => {
  const many = Array.from({ length: 300 }, (_, index) => check(`p${index}`, 'passed', 'x'.repeat(50)));
  const checks = [
    ...many,
    check('bad', 'failed'),
    check('late', 'not_run'),
    check('none', 'not_run', 'x', false),
  ];
  const { checks: shown, omitted } = reported(checks, []);
  expect(shown.slice(-2).map(({ name }) => name)).toEqual(['bad', 'late']);
  expect(shown[0]?.name).toBe('p0');
  expect(shown.length + (omitted ?? 0)).toBe(checks.length);
});

test('whatever the checks say, a report stays under 8 KB', () => {
  const text = fc.string({ unit: 'binary', maxLength: 3000 });
  const status = fc.constantFrom('passed', 'failed', 'not_run', 'waived');
  const checks = fc.array(fc.tuple(text, status), { maxLength: 60 });
  fc.assert(
    fc.property(checks, fc.array(text, { maxLength: 20 }), (parts, reasons) => {
      const all = parts.map(([message, how], index) => check(`c${index}`, how, message));
      const waivers = reasons.map(reason => ({ check: 'c', by: 'Ana', reason }));
      const report = reported(all, waivers);
      expect(report.checks.length + report.waivers.length + (report.omitted ?? 0)).toBe(
        all.length + waivers.length,
      );
      expect(Buffer.byteLength(JSON.stringify(report))).toBeLessThan(7 * 1024);
    }),
    { numRuns: 50 },
  );
});
