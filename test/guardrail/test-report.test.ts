import { expect } from 'vitest';
import { writePacket } from '../support/packet.js';
import { node } from '../support/plan.js';
import { checkOf, runStage } from '../support/stage.js';
import { test } from '../support/workspace.js';

const junit = (inner: string) => `<testsuites><testsuite>${inner}</testsuite></testsuites>`;
const writes = (text: string, more = '') =>
  `require("fs").writeFileSync("report.xml", ${JSON.stringify(text)});${more}`;
const two = '<testcase/><testcase/>';

const toml = (script: string, more = '') =>
  `[commands.unit]\n${node(script)}\nreport = { format = "junit", path = "report.xml" }\n${more}\n[guardrail.validate]\nscenarios = ["unit"]\n`;

const cases: [what: string, script: string, more: string, status: string, message: RegExp, tests?: number][] =
  [
    ['that ran tests', writes(junit(two)), '', 'passed', /2 tests ran, 0 failed/, 2],
    ['with as many as it must', writes(junit(two)), 'min_tests = 2', 'passed', /2 tests ran/, 2],
    ['with fewer than it must', writes(junit(two)), 'min_tests = 3', 'not_run', /At least 3 must run/, 2],
    ['with none', writes(junit('')), '', 'not_run', /0 tests ran.*At least 1 must run/, 0],
    ['with none although none must run', writes(junit('')), 'min_tests = 0', 'not_run', /At least 1/, 0],
    [
      'where all were skipped',
      writes(junit('<testcase><skipped/></testcase>')),
      '',
      'not_run',
      /0 tests ran.*1 left out/,
      0,
    ],
    ['that claims tests it cannot show', writes('<testsuites tests="9"/>'), '', 'not_run', /0 tests ran/, 0],
    [
      'with a failure and exit code 0',
      writes(junit('<testcase><failure/></testcase>')),
      '',
      'failed',
      /1 failed/,
      1,
    ],
    [
      'that is fine, and exit code 1',
      writes(junit(two), 'process.exit(1)'),
      '',
      'failed',
      /code 1.*2 tests ran/,
      2,
    ],
    ['that nobody wrote', '0', '', 'not_run', /report\.xml does not count: the command did not write it/],
    ['that nobody wrote, and exit code 1', 'process.exit(1)', '', 'failed', /does not count/],
    [
      'that is malformed',
      writes('<testsuites><test'),
      '',
      'not_run',
      /does not count: as junit its tags are malformed/,
    ],
    [
      'that is too long',
      'require("fs").writeFileSync("report.xml", Buffer.alloc(17 << 20, 32))',
      '',
      'not_run',
      /longer than/,
    ],
    ['that is a folder', 'require("fs").mkdirSync("report.xml")', '', 'not_run', /no file of the workspace/],
    [
      'that is a link out of the workspace',
      'require("fs").symlinkSync("/etc/passwd", "report.xml")',
      '',
      'not_run',
      /no file of the workspace/,
    ],
  ];

test.for(cases)('a command with a report %s', async ([, script, more, status, message, tests], { repo }) => {
  repo.write('.gitignore', 'report.xml\n');
  writePacket(repo, toml(script, more));
  const run = await runStage(repo, 'validate');
  const check = checkOf(run, 'scenario:unit');
  expect(check.message).not.toContain('counted');
  expect(check.status).toBe(status);
  expect(check.message).toMatch(message);
  expect(check.tests).toBe(tests);
  const outcomes: Readonly<Record<string, string>> = {
    passed: 'passed',
    failed: 'failed',
    not_run: 'incomplete',
  };
  expect(run.report.outcome).toBe(outcomes[status]);
});

test('a report of an earlier run says nothing about this one', async ({ repo }) => {
  repo.write('.gitignore', 'report.xml\n');
  repo.write('report.xml', junit(two));
  writePacket(repo, toml('0'));
  const run = await runStage(repo, 'validate');
  expect(run.report.outcome).toBe('incomplete');
  expect(checkOf(run, 'scenario:unit').message).toContain('it is from an earlier run');
  writePacket(repo, toml(writes(junit(two))));
  expect((await runStage(repo, 'validate')).report.outcome).toBe('passed');
});

test('the report is in the bundle, redacted and cut', async ({ repo }) => {
  repo.write('.gitignore', 'report.xml\n');
  const script = `const out = process.env.PATH && "canary-5d1f77aa-secret"; ${`require("fs").writeFileSync("report.xml", "<testsuites><testsuite><testcase name='" + out + "'/><system-out>" + "x".repeat(3 << 20) + "</system-out></testsuite></testsuites>")`}`;
  writePacket(repo, toml(script));
  const run = await runStage(repo, 'validate', { env: { API_TOKEN: 'canary-5d1f77aa-secret' } });
  expect(run.report.outcome).toBe('passed');
  const copy = run.telemetry.artifacts.find(({ path }) => path.endsWith('_unit_report.txt'));
  const text = repo.read(copy?.path ?? '');
  expect(text).toContain("name='[redacted]'");
  expect(text).toMatch(/characters left out/);
  expect(text.length).toBeLessThan(1.1 * 1024 * 1024);
});

test('the baseline of the plan counts tests, too', async ({ repo }) => {
  repo.write('.gitignore', 'report.xml\n');
  writePacket(repo, toml(writes(junit(''))).replace(/\[guardrail[\s\S]*/, ''));
  const run = await runStage(repo, 'plan');
  expect(run.report.outcome).toBe('incomplete');
  expect(checkOf(run, 'baseline:unit')).toMatchObject({ status: 'not_run', tests: 0 });
});

test('min_tests without a report is an error of the configuration', async ({ repo }) => {
  writePacket(repo, `[commands.unit]\n${node('0')}\nmin_tests = 5\n`);
  await expect(runStage(repo, 'plan')).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('commands.unit.min_tests = 5 needs a report'),
  });
});
