import { expect, test } from 'vitest';
import { readEnvironment } from '../../src/bin/environment.js';

test('reads what an operator orders, and nothing from an empty environment', () => {
  const none = readEnvironment({});
  expect(none.operator).toMatchObject({
    allowDirty: false,
    baselineAllowFail: false,
    trust: undefined,
    hal: {
      skip: false,
      telemetry: true,
      baseUrl: undefined,
      secretEnv: undefined,
      evidenceDir: undefined,
    },
    secrets: [],
  });
  expect(none.httpToken).toBeUndefined();
  const some = readEnvironment({
    SPEC_OPS_ALLOW_DIRTY: '1',
    SPEC_OPS_BASELINE_ALLOW_FAIL: 'true',
    SPEC_KIT_TRUST: ` ${'AB'.repeat(32)} `,
    XDG_CONFIG_HOME: '/config',
  });
  expect(some.operator).toMatchObject({ allowDirty: true, baselineAllowFail: true, trust: 'ab'.repeat(32) });
  expect(some.configFolder).toBe('/config/spec-kit-mcp');
});

test('reads what an operator orders for HAL', () => {
  const { operator } = readEnvironment({
    SPEC_OPS_HAL_SKIP: '1',
    SPEC_OPS_TELEMETRY_HAL: '0',
    SPEC_OPS_HAL_BASE_URL: 'http://127.0.0.1:9000',
    SPEC_OPS_HAL_SECRET_ENV: 'MY_KEY',
    SPEC_OPS_HAL_EVIDENCE_DIR: 'captures',
  });
  expect(operator.hal).toEqual({
    skip: true,
    telemetry: false,
    baseUrl: 'http://127.0.0.1:9000',
    secretEnv: 'MY_KEY',
    evidenceDir: 'captures',
  });
});

test.for([
  ['1', true],
  ['', true],
  ['yes', true],
  ['0', false],
  ['off', false],
] as const)('SPEC_OPS_TELEMETRY_HAL=%s', ([value, on]) => {
  expect(readEnvironment({ SPEC_OPS_TELEMETRY_HAL: value }).operator.hal.telemetry).toBe(on);
});

test('a value that is asked for as a secret is hidden from then on, whatever its name', () => {
  const { operator } = readEnvironment({ HAL_TENANT: 'tenant-number-1' });
  expect(operator.variable('HAL_TENANT')).toBe('tenant-number-1');
  expect(operator.secrets).toEqual([]);
  const before = operator.secrets;
  expect(operator.secret('HAL_TENANT')).toBe('tenant-number-1');
  expect(operator.secrets).toEqual(['tenant-number-1']);
  expect(operator.secrets).not.toBe(before);
  expect(operator.secret('toString')).toBeUndefined();
});

test.for(['0', 'false', 'no', '', 'maybe'])('SPEC_OPS_ALLOW_DIRTY=%s is off', value => {
  expect(readEnvironment({ SPEC_OPS_ALLOW_DIRTY: value }).operator.allowDirty).toBe(false);
});

test('allowing a dirty tree does not also allow failures', () => {
  expect(readEnvironment({ SPEC_OPS_ALLOW_DIRTY: '1' }).operator.baselineAllowFail).toBe(false);
});

test('commands see an allow-list of variables, never tokens or what changes how programs load', () => {
  const env = {
    PATH: '/bin',
    HOME: '/home/x',
    LC_ALL: 'C',
    CI: '1',
    GITHUB_TOKEN: 'ghp_secret',
    NODE_OPTIONS: '--require evil',
    LD_PRELOAD: 'evil.so',
    GIT_DIR: '/elsewhere',
    npm_config_x: '1',
    AWS_SECRET_ACCESS_KEY: 'abcdefgh12345678',
  };
  const { commandEnv, operator } = readEnvironment(env);
  expect(Object.keys(commandEnv).sort()).toEqual(['CI', 'HOME', 'LC_ALL', 'PATH']);
  expect(operator.secrets).toEqual(expect.arrayContaining(['ghp_secret', 'abcdefgh12345678']));
});
