import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { lintSource } from '@secretlint/core';
import { creator, rules } from '@secretlint/secretlint-rule-preset-recommend';
import { expect, test } from 'vitest';
import { createRedactor } from '../../src/redact/redactor.js';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const HEX = `${DIGITS}abcdef`;
const WORD = UPPER + UPPER.toLowerCase() + DIGITS;
const TOKEN = `${WORD}_-`;

/** Characters of an alphabet, by chance; the last one is never the `-` that a text may go on after. */
function some(alphabet: string, count: number): string {
  return Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)])
    .join('')
    .replace(/-$/, 'x');
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });

type Secret = readonly [line: string, secret: string];

/** Made anew each time: a secret, as it stands in a log, and the part of it that must not stay. */
const makeSecrets = (): Readonly<Record<string, Secret>> =>
  Object.fromEntries(
    Object.entries({
      'AWS key id': `AKIA${some('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`,
      'AWS secret key': ['aws_secret_access_key = ', some(`${WORD}/+`, 40)],
      'GitHub token': `ghp_${some(WORD, 36)}`,
      'GitHub app token': `ghs_${some(WORD, 36)}`,
      'GitHub fine-grained token': `github_pat_${some(WORD, 22)}_${some(WORD, 59)}`,
      'GitLab token': `glpat-${some(WORD, 20)}`,
      'npm token': `npm_${some(WORD, 36)}`,
      'npm registry line': ['//registry.npmjs.org/:_authToken=', `${some(HEX, 8)}-${some(HEX, 24)}`],
      'Slack bot token': `xoxb-${some(DIGITS, 12)}-${some(DIGITS, 12)}-${some(WORD, 24)}`,
      'Slack app token': `xapp-1-A${some(UPPER, 10)}-${some(DIGITS, 13)}-${some(HEX, 64)}`,
      'Slack webhook': [
        'https://hooks.slack.com/services/',
        `T${some(UPPER, 8)}/B${some(UPPER, 8)}/${some(WORD, 24)}`,
      ],
      'Discord webhook': ['https://discord.com/api/webhooks/', `${some(DIGITS, 18)}/${some(TOKEN, 68)}`],
      'Stripe key': `sk_live_${some(WORD, 24)}`,
      'Stripe webhook secret': `whsec_${some(WORD, 32)}`,
      'SendGrid key': `SG.${some(WORD, 22)}.${some(WORD, 43)}`,
      'SendGrid key with dashes': `SG.${some(TOKEN, 22)}.${some(TOKEN, 43)}`,
      'OpenAI key': `sk-proj-${some(TOKEN, 58)}T3BlbkFJ${some(WORD, 58)}`,
      'Anthropic key': `sk-ant-api03-${some(TOKEN, 93)}AA`,
      'Google key': `AIza${some(WORD, 35)}`,
      'Google client secret': `GOCSPX-${some(TOKEN, 28)}`,
      JWT: `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: some(DIGITS, 8) })}.${some(TOKEN, 43)}`,
      'private key': ecKey.privateKey.export({ type: 'sec1', format: 'pem' }).toString().trim(),
      'database URL': ['postgres://', `app:${some(WORD, 20)}`, '@db.example:5432/app'],
      'MySQL URL': ['mysql://', `app:${some(WORD, 20)}`, '@db.example:3306/app'],
      'MongoDB URL': ['mongodb+srv://', `app:${some(WORD, 20)}`, '@cluster.example/app'],
      'credentials in an address': ['https://', `app:${some(WORD, 20)}`, '@registry.example.com/app'],
      'Google service account key': [
        '{"private_key_id": "1", "private_key": "',
        JSON.stringify(ecKey.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim()).slice(
          1,
          -1,
        ),
        '"}',
      ],
      '1Password service account token': `ops_${Buffer.from(JSON.stringify({ email: some(WORD, 200), secretKey: some(`${WORD}?>~`, 56) })).toString('base64')}`,
      'Hugging Face token': `hf_${some(WORD, 34)}`,
      'Docker token': `dckr_pat_${some(WORD, 27)}`,
      'Linear key': `lin_api_${some(WORD, 40)}`,
      'Shopify token': `shpat_${some(HEX, 32)}`,
      'PyPI token': `pypi-AgEIcHlwaS5vcmc${some(TOKEN, 80)}`,
      'Vault token': `hvs.${some(WORD, 90)}`,
      'Azure account key': ['AccountName=a;AccountKey=', randomBytes(64).toString('base64'), ';Suffix=x'],
      'Telegram token': `${some('123456789', 9)}:AA${some(WORD, 33)}`,
      'Twilio key': `SK${some(HEX, 32)}`,
      'Grafana token': `glsa_${some(WORD, 32)}_${some(HEX, 8)}`,
      'basic credentials': ['Authorization: Basic ', randomBytes(18).toString('base64')],
      'a password': ['password: "', some(WORD, 14), '"'],
    }).map(([kind, made]) => {
      const [before, secret, after] = typeof made === 'string' ? ['', made, ''] : made;
      return [kind, [`${before}${secret}${after ?? ''}`, secret ?? '']];
    }),
  );

const secrets = makeSecrets();

test.for(Object.entries(secrets))(
  '%s made by chance is hidden, wherever the output is cut',
  ([, [line, secret]]) => {
    const redactor = createRedactor([]);
    const input = Buffer.from(`before ${line} after\n`);
    const cut = randomInt(1, input.length);
    const stream = redactor.stream();
    const output = Buffer.concat([
      stream.push(input.subarray(0, cut)),
      stream.push(input.subarray(cut)),
      stream.end(),
    ]);
    expect(output.toString()).not.toContain(secret);
    expect(output.toString()).toContain('[redacted]');
    expect(output.toString()).toMatch(/^before .*after\n$/s);
  },
);

/** The rules of secretlint that find something, as `rule message`. */
async function secretlint(content: string): Promise<string[]> {
  const source = { content, filePath: '/package.json', ext: '.json', contentType: 'text' } as const;
  const config = { rules: [{ id: 'preset', rule: creator }] };
  const { messages } = await lintSource({ source, options: { config, noPhysicFilePath: true } });
  return messages.map(({ ruleId, messageId }) => `${ruleId.replace(/^.*secretlint-rule-/, '')} ${messageId}`);
}

/** Several of each: these rules overlook some that are made by chance. */
const many = Array.from({ length: 12 }, () => Object.values(makeSecrets())).flat();
const lines = many.map(([line]) => line);

test('each recommended rule of secretlint finds one of them, and nothing in what the redactor leaves', async () => {
  const found = (await Promise.all(lines.map(secretlint))).flat();
  const names = rules.map(({ meta }) => meta.id.replace(/^.*secretlint-rule-/, ''));
  expect([...new Set(found.map(name => name.split(' ')[0]))].sort()).toEqual(
    names.filter(name => name !== 'filter-comments').sort(),
  );
  const left = await Promise.all(lines.map(line => secretlint(createRedactor([]).text(line))));
  expect(left.flat()).toEqual([]);
});

// The reason why these rules are our measure and not our second layer: the output of a hostile repository turns them off.
test('a comment that silences secretlint silences nothing here', async () => {
  const text = `// secretlint-disable\n${lines.join('\n')}\n`;
  expect(await secretlint(text)).toEqual([]);
  const redacted = createRedactor([]).text(text);
  for (const [, secret] of many) expect(redacted).not.toContain(secret);
});
