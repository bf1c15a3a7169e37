import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../src/redact/redactor.js';

const { text } = createRedactor([]);
const letters = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ';

function keyOf(type: 'pkcs1' | 'pkcs8'): string {
  return generateKeyPairSync('rsa', { modulusLength: 1024 })
    .privateKey.export({ type, format: 'pem' })
    .toString();
}

describe('what looks like a secret is hidden', () => {
  test.each([
    ['a GitHub token', `x ghp_${letters}`, 'x [redacted]'],
    ['a fine-grained GitHub token', `github_pat_${letters}_${letters}`, '[redacted]'],
    ['an npm token', `(npm_${letters}0123456789)`, '([redacted])'],
    ['an OpenAI key', `key sk-proj-${letters}.`, 'key [redacted].'],
    ['an Anthropic key', `sk-ant-api03-${letters}-${letters}`, '[redacted]'],
    ['an AWS id', 'AKIAIOSFODNN7EXAMPLE', '[redacted]'],
    ['a Slack token', `xoxb-123456789012-${letters}`, '[redacted]'],
    ['a Stripe key', `sk_live_${letters}`, '[redacted]'],
    ['a Google key', `AIza${letters}012345678`, '[redacted]'],
    ['a JWT', `t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${letters};`, 't=[redacted];'],
    ['a bearer header', `Authorization: Bearer ${letters}`, 'Authorization: Bearer [redacted]'],
    ['a basic header', 'authorization: basic dXNlcjpwYXNz', 'authorization: basic [redacted]'],
    ['a header in JSON', `{"Authorization":"Bearer ${letters}"}`, '{"Authorization":"Bearer [redacted]"}'],
    ['a bearer token by itself', `curl -H Bearer ${letters}`, 'curl -H Bearer [redacted]'],
    ['a password in a URL', 'postgres://me:pw@db/x', 'postgres://[redacted]@db/x'],
    ['a password', 'password: hunter2', 'password: [redacted]'],
    ['a quoted password', `DB_PASSWORD="correct"`, 'DB_PASSWORD="[redacted]"'],
    ['an API key', '?api_key=a1b2c3d4e5&x=1', '?api_key=[redacted]&x=1'],
    ['an API key in JSON', '{"apiKey": "a1b2c3d4e5"}', '{"apiKey": "[redacted]"}'],
    ['a header with a key', 'X-Api-Key: a1b2c3d4e5', 'X-Api-Key: [redacted]'],
  ])('%s', (_, input, expected) => {
    expect(text(input)).toBe(expected);
  });

  test.each(['pkcs1', 'pkcs8'] as const)('a private key in %s, as it is and in JSON', type => {
    const key = keyOf(type);
    expect(text(`a\n${key}b`)).toBe('a\n[redacted]\nb');
    expect(text(JSON.stringify({ key }))).toBe('{"key":"[redacted]\\n"}');
  });

  test('a private key whose end is missing', () => {
    const cut = keyOf('pkcs8').slice(0, 500);
    expect(text(`a\n${cut}`)).toBe('a\n[redacted]');
    expect(text(`${cut}\n(no more)`)).toBe('[redacted](no more)');
  });
});

describe('what only resembles a secret is kept', () => {
  test.each([
    'The token: string of the parser, secret = undefined, key: value',
    'basic authentication and bearer tokens',
    'disk-0123456789abcdefghijklmnop task-0123456789abcdefghijkl',
    'sk-loading-spinner-container-large',
    'https://example.com:8080/a@b https://user@example.com',
    '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
    '-----BEGIN CERTIFICATE-----',
    'eyJust.a.word',
    'AKIAIOSFODNN7EXAMPLEANDMORE',
    'passed: 14, failed: 0, password reset works',
    'npm_config_user_agent=npm npm_lifecycle_event_name do_v1_not_a_token',
    'https://hooks.slack.com/ 12345678:AAA key-value-pairs SKIPPED',
    '0f3a9c0d4f5e6a7b8c9d0e1f2a3b4c5d6e7f8091 refs/heads/main',
  ])('%s', input => {
    expect(text(input)).toBe(input);
  });
});
