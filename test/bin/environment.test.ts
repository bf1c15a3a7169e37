import { expect, test } from 'vitest';
import { readEnvironment } from '../../src/bin/environment.js';

test('reads what an operator orders, and nothing from an empty environment', () => {
  const none = readEnvironment({});
  expect(none.operator).toEqual({
    allowDirty: false,
    baselineAllowFail: false,
    trust: undefined,
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
