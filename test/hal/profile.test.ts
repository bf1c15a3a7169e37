import fc from 'fast-check';
import { expect } from 'vitest';
import { atPath, jsonEqual, parsePath } from '../../src/hal/json-path.js';
import { shapeFlaw } from '../../src/hal/json-shape.js';
import { loadProfile } from '../../src/hal/profile.js';
import { writeProfile } from '../../src/hal/template.js';
import { loadSettings } from '../../src/settings/load.js';
import { probe, serveOne, smoke } from '../support/hal.js';
import { test } from '../support/workspace.js';

const PATH = 'docs/hal/hal_profile.json';
const request = { method: 'GET', path: '/x' };
const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`c${index}`, request]));

test.for([
  ['an unknown key', { a: { ...request, expct: {} } }, 'unknown key `a.expct` (did you mean "expect"?)'],
  ['an unknown expectation', { a: { ...request, expect: { statuss: 1 } } }, 'did you mean "status"?'],
  [
    'an unknown assertion',
    { a: { ...request, expect: { json: { x: { equal: 1 } } } } },
    'did you mean "equals"?',
  ],
  [
    'an assertion of nothing',
    { a: { ...request, expect: { json: { x: {} } } } },
    'exactly one of equals and exists',
  ],
  ['a status that is none', { a: { ...request, expect: { status: '200' } } }, 'must be a status'],
  [
    'a path of JSON that is none',
    { a: { ...request, expect: { json: { 'a..b': { equals: 1 } } } } },
    '`a..b` is no path',
  ],
  ['a method that is none', { a: { ...request, method: 'BREW' } }, '`a.method`'],
  ['no path', { a: { method: 'GET' } }, '`a.path`'],
  ['a URL as path', { a: { method: 'GET', path: 'http://evil.example/x' } }, 'must start with one /'],
  ['another host as path', { a: { method: 'GET', path: '//evil.example/x' } }, 'must start with one /'],
  ['another host by backslash', { a: { method: 'GET', path: '/\\evil.example/x' } }, 'must start with one /'],
  ['a path with a line break', { a: { method: 'GET', path: '/x\r\nHost: evil' } }, 'must start with one /'],
  [
    'a header value with a line break',
    { a: { ...request, headers: { 'X-A': 'b\r\nX-Evil: 1' } } },
    'line break',
  ],
  [
    'a header name with a line break',
    { a: { ...request, headers: { 'X-A: b\r\nX-Evil': '1' } } },
    'is not a header name',
  ],
  ['a Host header', { a: { ...request, headers: { Host: 'evil.example' } } }, 'sets or forbids'],
  [
    'a transfer encoding',
    { a: { ...request, headers: { 'transfer-encoding': 'chunked' } } },
    'sets or forbids',
  ],
  [
    'a content encoding asked for',
    { a: { ...request, headers: { 'Accept-Encoding': 'gzip' } } },
    'sets or forbids',
  ],
  ['a name that is a path', { '../../x': request }, 'must be a check name'],
  ['the name of our own check', { start: request }, 'a check of our own'],
  [
    'a misspelt placeholder',
    { a: { ...request, headers: { k: '{secret.KEY}' } } },
    '`{secret.KEY}` is no placeholder',
  ],
  ['an open placeholder', { a: { ...request, body: { k: '{env.A B}' } } }, 'is no placeholder'],
  ['no checks', {}, 'it has no checks'],
  ['a list', [request], 'must be a JSON object'],
  [
    'a name twice',
    `{"a":${JSON.stringify(request)},"a":${JSON.stringify(request)}}`,
    'the name "a" stands there twice',
  ],
  [
    'a name twice further down',
    '{"a":{"method":"GET","path":"/x","body":{"k":[{"b":1,"\\u0062":2}]}}}',
    'the name "b" stands there twice',
  ],
  ['__proto__', '{"__proto__":{"method":"GET","path":"/"}}', '"__proto__" is not allowed'],
  ['no JSON', '{\n  "a": {},\n}', 'it is not valid JSON, line 3, column 1'],
  [
    '65 levels',
    `{"a":{"method":"GET","path":"/","body":${'['.repeat(63)}${']'.repeat(63)}}}`,
    'more than 64 levels',
  ],
] as const)(
  'a profile with %s is an error that names it',
  async ([, profile, words], { repo, workspace }) => {
    repo.write(PATH, typeof profile === 'string' ? profile : JSON.stringify(profile));
    expect(() => loadProfile(workspace, undefined, 'X')).toThrow(words);
    expect(() => loadProfile(workspace, undefined, 'X')).toThrow(PATH);
  },
);

test('10,000 checks are refused with their number', async ({ repo, workspace }) => {
  repo.write(PATH, JSON.stringify(many));
  expect(() => loadProfile(workspace, undefined, 'X')).toThrow('it has 10000 checks, and 100 is the most');
});

test('a profile that is no UTF-8, one that is too long, and one that is named and absent are errors', async ({
  repo,
  workspace,
}) => {
  repo.write(PATH, Buffer.from([0x7b, 0xff, 0x7d]));
  expect(() => loadProfile(workspace, undefined, 'X')).toThrow('not valid UTF-8');
  repo.write(PATH, ' '.repeat(1024 * 1024 + 1));
  expect(() => loadProfile(workspace, undefined, 'X')).toThrow(PATH);
  expect(() => loadProfile(workspace, 'docs/other.json', 'X')).toThrow(
    'docs/other.json: there is no such file',
  );
});

test('a link that leads outside the workspace is not read', async ({ repo, workspace }) => {
  const { symlinkSync, mkdirSync } = await import('node:fs');
  mkdirSync(`${repo.root}/docs/hal`, { recursive: true });
  symlinkSync('/etc/hostname', `${repo.root}/${PATH}`);
  expect(() => loadProfile(workspace, undefined, 'X')).toThrow();
});

test("the origin's profile is read as it is", async ({ repo, workspace }) => {
  const headers = {
    'Content-Type': 'application/json',
    'X-Api-Key': '{secrets.HAL_SECRET_KAVEDARR_API_KEY}',
  };
  repo.write(
    PATH,
    JSON.stringify({
      list_movies: { method: 'GET', path: '/api/v3/movie', headers, query: { page: 1 }, description: 'REST' },
      graphql_ping: { method: 'POST', path: '/graphql', headers, body: { query: 'query { __typename }' } },
    }),
  );
  expect(Object.keys(loadProfile(workspace, undefined, 'X').requests)).toEqual([
    'list_movies',
    'graphql_ping',
  ]);
});

test('the profile that init writes is read back, and a second init leaves it alone', async ({
  repo,
  workspace,
}) => {
  const { settings } = await loadSettings(workspace);
  const path = writeProfile(workspace, settings);
  expect(loadProfile(workspace, undefined, 'X')).toMatchObject({ source: { path } });
  const before = repo.read(path);
  expect(before).toContain('$comment');
  expect(() => writeProfile(workspace, settings)).toThrow('exists already');
  expect(repo.read(path)).toBe(before);
});

test('only the checks that are asked for run, and what is left out makes the outcome incomplete', async ({
  repo,
}) => {
  const { url, asked } = await serveOne(200, {}, 'ok');
  const profile = { ...probe(), other: request };
  const { report } = await smoke(repo, url, { profile, checks: ['probe'] });
  expect(asked.map(each => each.url)).toEqual(['/probe']);
  expect(report.outcome).toBe('incomplete');
  expect(report.checks.map(({ name, status, cause }) => [name, status, cause])).toEqual([
    ['other', 'not_run', 'not asked for'],
    ['probe', 'passed', undefined],
  ]);
  await expect(smoke(repo, url, { profile, checks: ['nope'] })).rejects.toThrow(
    'There is no HAL check "nope"',
  );
});

test('of 100 failing checks the report names as many as fit in 8 KB, and the evidence has all', async ({
  repo,
}) => {
  const { url } = await serveOne(500, {});
  const profile = Object.fromEntries(Object.entries(many).slice(0, 100));
  const { report } = await smoke(repo, url, { profile });
  expect(Buffer.byteLength(JSON.stringify(report))).toBeLessThan(8 * 1024);
  expect(report.omitted).toBe(100 - report.checks.length);
  expect(report.checks.length).toBeGreaterThan(10);
  const folder = 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence/commands/SPEC-KIT-DEMO';
  const { checks, artifacts } = JSON.parse(repo.read(`${folder}/hal_${report.bundle}.json`));
  expect([checks.length, artifacts.length]).toEqual([100, 100]);
});

test('whatever JSON there is, only its real duplicate names are found', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4, noUnicodeString: false }), text => {
      const flaw = shapeFlaw(text);
      expect(flaw === undefined || text.includes('"__proto__"')).toBe(true);
      expect(shapeFlaw(`{"k":${text},"a":1,"k":2}`)).toBeDefined();
    }),
  );
});

test('a path in brackets reaches every member of every JSON value', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20, unit: 'grapheme' }), fc.jsonValue(), (name, value) => {
      const path = `$["${name.replaceAll(/["\\]/g, '\\$&')}"]`;
      const steps = parsePath(path);
      fc.pre(name.length * 2 <= 256 && !/[\n\r\u2028\u2029]/.test(name));
      expect(steps).toEqual([name]);
      const object = Object.fromEntries([[name, value]]);
      expect(jsonEqual(atPath(object, steps ?? []), value)).toBe(true);
    }),
  );
});
