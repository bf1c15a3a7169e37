import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { captureOf, checkOf, KEY, probe, serveHttp, serveOne, smoke } from '../support/hal.js';
import { test } from '../support/workspace.js';

const withKey = (name = 'KAVEDARR_API_KEY') => probe({ headers: { 'X-Api-Key': `{secrets.${name}}` } });

/** Every file of a folder, .git included. */
function everything(root: string): Buffer {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).map(name => path.join(root, name));
  return Buffer.concat(files.filter(file => statSync(file).isFile()).map(file => readFileSync(file)));
}

test.for(['HAL_SECRET_KAVEDARR_API_KEY', 'KAVEDARR_API_KEY', 'kavedarr.api_key'])(
  '{secrets.%s} is filled from HAL_SECRET_KAVEDARR_API_KEY',
  async (name, { repo }) => {
    const { url, asked } = await serveOne(200, {});
    const { report } = await smoke(repo, url, { profile: withKey(name) });
    expect(report.outcome).toBe('passed');
    expect(asked[0]?.headers['x-api-key']).toBe(KEY);
  },
);

test.for([
  ['missing', {}, 'is not set'],
  ['empty', { HAL_SECRET_OTHER: '' }, 'is empty'],
  ['blank', { HAL_SECRET_OTHER: '  \n' }, 'is empty'],
] as const)('a %s secret fails the check before anything is sent', async ([, env, words], { repo }) => {
  const { url, asked } = await serveOne(200, {});
  const { report } = await smoke(repo, url, { profile: withKey('OTHER'), env });
  expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'secret missing' });
  expect(checkOf(report).message).toContain(`the variable HAL_SECRET_OTHER ${words}`);
  expect(asked).toHaveLength(0);
  expect(report.hal.summary.artifacts).toEqual([]);
});

test('a secret too short to be hidden is not sent', async ({ repo }) => {
  const { url, asked } = await serveOne(200, {});
  const { report } = await smoke(repo, url, { profile: withKey('S'), env: { HAL_SECRET_S: 'abc' } });
  expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'secret unusable' });
  expect(asked).toHaveLength(0);
});

test.for([
  ['a header', { headers: { k: '{secrets.ODD}' } }],
  ['a header with more around it', { headers: { authorization: 'Bearer {secrets.ODD}!' } }],
] as const)('a secret with quotes and newlines in %s is refused, not cut', async ([, request], { repo }) => {
  const { url, asked } = await serveOne(200, {});
  const env = { HAL_SECRET_ODD: 'first "line"\r\nX-Evil: second' };
  const { report } = await smoke(repo, url, { profile: probe(request), env });
  expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'secret unusable' });
  expect(asked).toHaveLength(0);
});

test('a secret with quotes and newlines arrives whole in path, query and body, and nowhere in the evidence', async ({
  repo,
}) => {
  const odd = 'odd "canary" \\ 1\nline-two & ?#/=%';
  const got: { url?: string; body: string } = { body: '' };
  const url = await serveHttp((request, response) => {
    got.url = request.url ?? '';
    request.on('data', chunk => {
      got.body += chunk;
    });
    request.on('end', () => response.end(`you said ${got.body} to ${got.url}`));
  });
  const profile = {
    object: {
      method: 'POST',
      path: '/{secrets.ODD}/x',
      query: { q: 'a {secrets.ODD}' },
      body: { deep: ['{secrets.ODD}'] },
    },
  };
  const { report } = await smoke(repo, url, { profile, env: { HAL_SECRET_ODD: odd } });
  expect(report.outcome).toBe('passed');
  const sent = new URL(got.url ?? '', url);
  expect(decodeURIComponent(sent.pathname)).toBe(`/${odd}/x`);
  expect(sent.searchParams.get('q')).toBe(`a ${odd}`);
  expect(JSON.parse(got.body)).toEqual({ deep: [odd] });
  const stored = everything(repo.root).toString('latin1') + JSON.stringify(report);
  for (const piece of ['odd \\"canary', 'odd "canary', 'odd%20', 'line-two', 'odd+%22'])
    expect(stored).not.toContain(piece);
});

test('a body that is a text of JSON gets its values escaped', async ({ repo }) => {
  const bodies: string[] = [];
  const url = await serveHttp((request, response) => {
    request.on('data', chunk => bodies.push(String(chunk)));
    request.on('end', () => response.end());
  });
  const env = { HAL_SECRET_ODD: 'with "quotes"' };
  await smoke(repo, url, { profile: probe({ method: 'POST', body: '{"k":"{secrets.ODD}"}' }), env });
  expect(JSON.parse(bodies.join(''))).toEqual({ k: 'with "quotes"' });
});

test('what is filled in is not looked at again', async ({ repo }) => {
  const { url, asked } = await serveOne(200, {});
  const env = { HAL_A: '{secrets.KAVEDARR_API_KEY}' };
  await smoke(repo, url, { profile: probe({ headers: { 'x-a': '{env.HAL_A}' } }), env });
  expect(asked[0]?.headers['x-a']).toBe('{secrets.KAVEDARR_API_KEY}');
});

test('{env.NAME} reads variables made for HAL and declared ones, and no other', async ({ repo }) => {
  const { url, asked } = await serveOne(200, {});
  const env = { HAL_TENANT: 'blue', REGION: 'north', AWS_SECRET_ACCESS_KEY: 'abcdefgh12345678' };
  const profile = {
    own: probe({ headers: { t: '{env.HAL_TENANT}' } }).probe,
    declared: probe({ headers: { t: '{env.REGION}' } }).probe,
    other: probe({ headers: { t: '{env.AWS_SECRET_ACCESS_KEY}' } }).probe,
    unset: probe({ headers: { t: '{env.HAL_NONE}' } }).probe,
    secret: probe({ headers: { t: '{secrets.AWS_SECRET_ACCESS_KEY}' } }).probe,
  };
  const { report } = await smoke(repo, url, { profile, env, toml: '[hal]\nenv = ["REGION"]\n' });
  expect(asked.map(({ headers }) => headers['t']).sort()).toEqual(['blue', 'north']);
  expect(checkOf(report, 'other')).toMatchObject({ status: 'failed', cause: 'variable missing' });
  expect(checkOf(report, 'unset')).toMatchObject({ status: 'failed', cause: 'variable missing' });
  expect(checkOf(report, 'secret')).toMatchObject({ status: 'failed', cause: 'secret missing' });
});

test('SPEC_OPS_HAL_SECRET_ENV and [hal] secret_env name the variable, the first before the second', async ({
  repo,
}) => {
  const { url, asked } = await serveOne(200, {});
  const toml = '[hal]\nsecret_env = "FILE_KEY"\n';
  const env = { FILE_KEY: 'from-the-file-1', MY_KEY: 'from-the-operator-1' };
  await smoke(repo, url, { toml, env });
  await smoke(repo, url, { toml, env: { ...env, SPEC_OPS_HAL_SECRET_ENV: 'MY_KEY' } });
  const keys = asked.map(({ headers }) => headers['apikey']).filter(key => key !== undefined);
  expect(keys).toEqual([...Array(3).fill('from-the-file-1'), ...Array(3).fill('from-the-operator-1')]);
  expect(everything(repo.root).toString('latin1')).not.toMatch(/from-the-(file|operator)-1/);
});

test('the operator may say where the one secret of a profile is', async ({ repo }) => {
  const { url, asked } = await serveOne(200, {});
  const env = { SPEC_OPS_HAL_SECRET_ENV: 'MY_KEY', MY_KEY: 'from-the-operator-1' };
  await smoke(repo, url, { profile: withKey(), env });
  expect(asked[0]?.headers['x-api-key']).toBe('from-the-operator-1');
});

test('a secret that the API echoes in every way is found nowhere', async ({ repo }) => {
  const base64 = Buffer.from(`user:${KEY}`).toString('base64');
  const url = await serveHttp((_, response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'set-cookie': `session=${KEY}`,
      'x-token': 'unknown-but-named',
      location: `http://x/?k=${KEY}`,
    });
    const text = `${'-'.repeat(256 * 1024 - 30)}${KEY}${'-'.repeat(1024 * 1024 - 256 * 1024 - 40)}`;
    response.end(
      JSON.stringify({
        errors: [{ message: `bad key ${KEY}` }],
        base64,
        hex: Buffer.from(KEY).toString('hex'),
        text,
      }).slice(0, 1024 * 1024),
    );
  });
  const profile = {
    graphql: { method: 'POST', path: '/graphql', headers: { 'X-Api-Key': '{secrets.KAVEDARR_API_KEY}' } },
    assertion: probe({ expect: { json: { 'errors[0].message': { equals: 'fine' } } } }).probe,
    header: probe({ expect: { header: { 'set-cookie': 'other' } } }).probe,
    redirect: probe({ expect: { status: 302 } }).probe,
  };
  const { report } = await smoke(repo, url, { profile });
  expect(report.outcome).toBe('failed');
  expect(captureOf(repo, report, 'header').response?.headers['set-cookie']).toEqual(['session=[redacted]']);
  expect(captureOf(repo, report, 'header').response?.headers['x-token']).toEqual(['[redacted]']);
  const stored = `${everything(repo.root).toString('latin1')}${JSON.stringify(report)}`;
  for (const form of [KEY, base64, Buffer.from(KEY).toString('hex'), KEY.slice(0, 12)])
    expect(stored).not.toContain(form);
  repo.commit('evidence');
  expect(repo.git('log', '-p', '--all')).not.toContain(KEY);
});

test.for([
  'pwd: abcde"xyz and more',
  'a line\npm_0123456789abcdef01 in npm form\nbearer abcdefgh\\',
  'password="ab\\"cd","token":"x1y2z3w4v5"',
])('a body that redaction would break as JSON is still recorded: %j', async (body, { repo }) => {
  const { url } = await serveOne(200, { 'content-type': 'text/plain' }, body);
  const { report } = await smoke(repo, url, { profile: probe() });
  expect(report.outcome).toBe('passed');
  expect(captureOf(repo, report).response?.body.bytes).toBe(Buffer.byteLength(body));
});

test('a secret goes to https or this machine only', async ({ repo }) => {
  const toml = '[hal]\nallow_hosts = ["api.example.invalid"]\n';
  const { report } = await smoke(repo, 'http://api.example.invalid', {
    profile: { ...withKey(), plain: probe().probe },
    toml,
  });
  expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'tls' });
  expect(checkOf(report).message).toContain('nothing was sent');
  expect(checkOf(report, 'plain')).toMatchObject({ cause: 'dns' });
});
