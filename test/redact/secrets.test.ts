import { expect, test } from 'vitest';
import { secretsFrom } from '../../src/redact/secrets.js';

test.each([
  ['HAL_SECRET_KAVEDARR_API_KEY', 'a1b2c3d4'],
  ['GITHUB_TOKEN', ' ghp_0123456789 '],
  ['npm_config__authToken', 'plainwords'],
  ['DB_PASSWORD', 'correct horse'],
  ['PGPASSWORD', 'letmeinplease'],
  ['AWS_SECRET_ACCESS_KEY', '/aB3dE5gH7jK9mN1pQ=='],
  ['SIGNING_KEY', 'a1b2c3d4e5'],
  ['BASIC_AUTH', 'me:12345678'],
])('takes the value of %s', (name, value) => {
  expect(secretsFrom({ [name]: value })).toEqual([value.trim()]);
});

test.each([
  ['SHORT_TOKEN', '1234567'],
  ['EMPTY_SECRET', ''],
  ['UNSET_SECRET', undefined],
  ['SSH_AUTH_SOCK', '/tmp/ssh-x/agent.1'],
  ['KEY_PATH', '/home/me/key.pem'],
  ['GOOGLE_APPLICATION_CREDENTIALS', '~/key.json'],
  ['AUTH_MODE', 'disabled-for-now'],
  ['KEYBOARD_LAYOUT', 'us-intl-2024'],
  ['GIT_AUTHOR_EMAIL', 'someone@example.com'],
  ['PATH', '/usr/bin:/bin'],
  ['SPEC_KIT_TRUST', '0123456789abcdef'],
])('leaves out %s=%s', (name, value) => {
  expect(secretsFrom({ [name]: value })).toEqual([]);
});

test('takes a password out of a URL, encoded and not', () => {
  expect(
    secretsFrom({ DATABASE_URL: 'postgres://me:p%40ssw0rd1@db/x', HOME_URL: 'https://example.com:8080/' }),
  ).toEqual(['p@ssw0rd1', 'p%40ssw0rd1']);
});
