import { expect } from 'vitest';
import { LintReport } from '../../schemas/tracker.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { test } from '../support/served.js';

const lint = async (
  client: { call(name: string, args?: object): Promise<{ structured: unknown }> },
  args = {},
) => LintReport.parse((await client.call('lint_tasks', args)).structured);

test('a sound tracker and packet pass', async ({ repo, client }) => {
  writePacket(repo);
  const report = await lint(client);
  expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(report).toMatchObject({ outcome: 'passed', counts: { error: 0, rows: 2 } });
});

test('errors come first, with file, line and column, over tracker and packets', async ({ repo, client }) => {
  writePacket(repo);
  repo.write('SPEC.md', repo.read('SPEC.md').replace('| Backlog |', '| Whenever |'));
  repo.write('docs/SPEC-KIT-DEMO/spec.md', '# Notes\n');
  repo.commit();
  const report = await lint(client, { limit: 50 });
  expect(report.outcome).toBe('failed');
  const severities = report.findings.map(({ severity }) => severity);
  expect(severities).toEqual(
    [...severities].sort((a, b) => 'ewi'.indexOf(a[0] ?? '') - 'ewi'.indexOf(b[0] ?? '')),
  );
  expect(report.findings).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ file: 'SPEC.md', line: 6, severity: 'error' }),
      expect.objectContaining({ code: 'packet/title', file: 'docs/SPEC-KIT-DEMO/spec.md', line: 1 }),
    ]),
  );
});

test('pages add up to the whole, and each is small', async ({ repo, client }) => {
  writePacket(repo);
  const rows = Array.from(
    { length: 60 },
    (_, i) => `| ${i + 3} | X${i} | Row | Someday |  |  |  |  |  |  |  |`,
  );
  repo.write('SPEC.md', `${repo.read('SPEC.md')}${rows.join('\n')}\n`);
  repo.commit();
  const first = await lint(client);
  const seen = [...first.findings];
  for (let report = first; report.nextCursor !== undefined; seen.push(...report.findings)) {
    expect(Buffer.byteLength(JSON.stringify(report))).toBeLessThan(8192);
    report = await lint(client, { cursor: report.nextCursor, limit: 50 });
  }
  expect(seen).toHaveLength(first.counts.error + first.counts.warning + first.counts.info);
  expect(new Set(seen.map(finding => JSON.stringify(finding))).size).toBe(seen.length);
  expect(
    seen.filter(({ file, severity }) => file === 'SPEC.md' && severity === 'error').length,
  ).toBeGreaterThanOrEqual(60);
});

test('one spec means its rows and its packet, and no others', async ({ repo, client }) => {
  writePacket(repo);
  repo.write('SPEC.md', repo.read('SPEC.md').replace('| Backlog |', '| Whenever |'));
  repo.write('docs/SPEC-KIT-002/spec.md', '# Notes\n');
  repo.commit();
  const report = await lint(client, { specId: SPEC_ID });
  expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('profile origin says what the old linter said', async ({ repo, client }) => {
  writePacket(repo);
  expect((await lint(client, { profile: 'origin' })).summary).toContain('Tasks table lint passed (2 rows)');
});

test.for([
  ['a tracker that is not there', { path: 'NOPE.md' }, /NOPE\.md does not exist/],
  ['a path that climbs', { path: '../SPEC.md' }, /outside the workspace/],
  ['an unknown profile', { profile: 'lenient' }, /profile/],
  ['an unknown spec', { specId: 'SPEC-KIT-404' }, /SPEC-KIT-404/],
  ['a cursor that is not one', { cursor: 'next' }, /cursor/],
  ['a limit of nothing', { limit: 0 }, /limit/],
] as const)('%s is refused with its reason', async ([, args, says], { repo, client }) => {
  writePacket(repo);
  const result = await client.call('lint_tasks', args);
  expect(result.isError).toBe(true);
  expect(result.text).toMatch(says);
});
