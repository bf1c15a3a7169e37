import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { captureOf, checkOf, probe, serveOne, smoke } from '../support/hal.js';
import { test } from '../support/workspace.js';

test.for([
  ['no URL', 'localhost:7878 please', 'is not an http or https URL'],
  ['a file', 'file:///etc/passwd', 'is not an http or https URL'],
  ['a password', 'http://me:hunter22@127.0.0.1:7878', 'holds a user or password'],
  ['a query', 'http://127.0.0.1:7878/?x=1', 'must end with the path'],
  ['a fragment', 'http://127.0.0.1:7878/#', 'must end with the path'],
  ['a host that is not listed', 'http://api.example.com', 'neither this machine nor listed'],
  ['the metadata address', 'http://169.254.169.254', 'neither this machine nor listed'],
  ['the unspecified address', 'http://0.0.0.0:7878', 'neither this machine nor listed'],
  ['a name that looks like loopback', 'http://127.0.0.1.evil.example', 'neither this machine nor listed'],
  ['localhost with a dot', 'http://localhost.:7878', 'neither this machine nor listed'],
] as const)(
  'a base URL that is %s is an error, and a password in it is not shown',
  async ([, url, words], { repo }) => {
    const run = smoke(repo, url, { profile: probe() });
    await expect(run).rejects.toThrow(words);
    await expect(run).rejects.toThrow('SPEC_OPS_HAL_BASE_URL');
    await expect(run).rejects.not.toThrow('hunter22');
  },
);

test.for([
  '169.254.169.254',
  '0.0.0.0',
  '[fe80::1]',
  '[::ffff:a9fe:a9fe]',
  '[64:ff9b::a9fe:a9fe]',
  '100.100.100.200',
])('a listed host that is the special address %s is not contacted', async (host, { repo }) => {
  const toml = `[hal]\nallow_hosts = ["${host}"]\n`;
  const { report } = await smoke(repo, `http://${host}:7878`, { profile: probe(), toml });
  expect(checkOf(report)).toMatchObject({ status: 'failed', cause: 'dns' });
  expect(checkOf(report).message).toContain('which is never contacted');
  expect(captureOf(repo, report).address).toBeNull();
});

test.for(['0x7f.1', '2130706433', '127.1'])('%s is loopback like 127.0.0.1', async (host, { repo }) => {
  const { url } = await serveOne(200, {});
  const { report } = await smoke(repo, url.replace('127.0.0.1', host), { profile: probe() });
  expect(report.outcome).toBe('passed');
});

test('the path of the base URL stands before those of the checks', async ({ repo }) => {
  const { url, asked } = await serveOne(200, {});
  await smoke(repo, `${url}/base/`, { profile: probe({ path: '/../x?a=1', query: { b: 2 } }) });
  expect(asked[0]?.url).toBe('/x?a=1&b=2');
  await smoke(repo, `${url}/base/`, { profile: probe() });
  expect(asked[1]?.url).toBe('/base/probe');
});

test('a base URL of spec-kit.toml is not contacted before a person trusts the file', async ({ repo }) => {
  const { url, asked } = await serveOne(200, {});
  const toml = `[hal]\nbase_url = "${url}"\n`;
  const { report } = await smoke(repo, undefined, { profile: probe(), toml, trusted: false });
  expect(report).toMatchObject({ outcome: 'incomplete', hal: { summary: { status: 'skipped' } } });
  expect(checkOf(report)).toMatchObject({ status: 'not_run', cause: 'untrusted' });
  expect(checkOf(report).message).toContain('`spec-kit-mcp trust`');
  expect(checkOf(report).message).toContain(createHash('sha256').update(toml).digest('hex'));
  expect(asked).toHaveLength(0);
  const { report: after } = await smoke(repo, undefined, { profile: probe(), toml });
  expect(after.outcome).toBe('passed');
});

test.for([
  ['secret_env', 'secret_env = "AWS_SECRET_ACCESS_KEY"'],
  ['env', 'env = ["PATH"]'],
])(
  'variables that %s takes from elsewhere are not read before a person trusts the file',
  async ([, line], { repo }) => {
    const { url, asked } = await serveOne(200, {});
    const env = { AWS_SECRET_ACCESS_KEY: 'abcdefgh12345678', PATH: '/bin' };
    const { report } = await smoke(repo, url, { toml: `[hal]\n${line}\n`, env, trusted: false });
    expect(report.outcome).toBe('incomplete');
    expect(report.checks.every(({ cause }) => cause === 'untrusted')).toBe(true);
    expect(asked).toHaveLength(0);
  },
);

test('variables made for HAL need no trust', async ({ repo }) => {
  const { url } = await serveOne(200, {});
  const toml = '[hal]\nsecret_env = "HAL_SECRET_MINE"\nenv = ["HAL_REGION"]\n';
  const { report } = await smoke(repo, url, { profile: probe(), toml, trusted: false });
  expect(report.outcome).toBe('passed');
});

const config = (url: string) =>
  `[mcp_servers.hal]\ncommand = "npx"\nenv = {\n  HAL_API_BASE_URL = "${url}",\n  HAL_SECRET_RADARR_KEY = "{secrets.HAL_SECRET_RADARR_KEY}"\n}\n`;

test('an existing hal_config.toml says where the API is and how its key is called', async ({ repo }) => {
  const { url, asked } = await serveOne(200, {});
  repo.write('docs/hal/hal_config.toml', config(url));
  const env = { HAL_SECRET_RADARR_KEY: 'radarr-key-12345' };
  const { report: before } = await smoke(repo, undefined, { env });
  expect(before.checks.every(({ cause }) => cause === 'untrusted')).toBe(true);
  expect(before.checks[0]?.message).toContain('docs/hal/hal_config.toml chooses');
  await smoke(repo, undefined, { env, toml: '[workspace]\n' });
  expect(asked.filter(({ headers }) => headers['x-api-key'] === 'radarr-key-12345')).toHaveLength(3);
});

test('hal_config.toml cannot name a host that spec-kit.toml does not list, and must be TOML', async ({
  repo,
}) => {
  repo.write('docs/hal/hal_config.toml', config('http://evil.example'));
  await expect(smoke(repo, undefined)).rejects.toThrow(
    'docs/hal/hal_config.toml names the host evil.example',
  );
  repo.write('docs/hal/hal_config.toml', 'not toml');
  await expect(smoke(repo, undefined)).rejects.toThrow('docs/hal/hal_config.toml: line 1, column');
});

test('SPEC_OPS_HAL_SKIP skips everything as a waiver that shows, and no outcome is passed', async ({
  repo,
}) => {
  const { url, asked } = await serveOne(200, {});
  const { report } = await smoke(repo, url, { profile: '{ broken', env: { SPEC_OPS_HAL_SKIP: '1' } });
  expect(report).toMatchObject({
    outcome: 'incomplete',
    checks: [{ name: 'all', status: 'waived' }],
    hal: { summary: { status: 'skipped', failed_checks: [], artifacts: [] } },
    waivers: [{ check: 'hal:all', by: 'SPEC_OPS_HAL_SKIP' }],
  });
  expect(asked).toHaveLength(0);
});

test('SPEC_OPS_HAL_EVIDENCE_DIR gets a copy of each capture, inside the workspace only', async ({ repo }) => {
  const { url } = await serveOne(200, {}, 'ok');
  const env = { SPEC_OPS_HAL_EVIDENCE_DIR: 'artifacts/hal' };
  const { report } = await smoke(repo, url, { profile: probe(), env });
  const recorded = report.hal.summary.artifacts[0] ?? '';
  expect(repo.read(`artifacts/hal/${report.bundle}-hal-probe.json`)).toBe(repo.read(recorded));
  for (const outside of ['../elsewhere', '/tmp'])
    await expect(
      smoke(repo, url, { profile: probe(), env: { SPEC_OPS_HAL_EVIDENCE_DIR: outside } }),
    ).rejects.toThrow('SPEC_OPS_HAL_EVIDENCE_DIR names a folder outside the workspace');
});

test('a folder of the evidence itself, as the origin had it, needs no copies', async ({ repo }) => {
  const { url } = await serveOne(200, {}, 'ok');
  const folder = 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence/commands/SPEC-KIT-DEMO';
  const { report } = await smoke(repo, url, { profile: probe(), env: { SPEC_OPS_HAL_EVIDENCE_DIR: folder } });
  expect(report.outcome).toBe('passed');
});
