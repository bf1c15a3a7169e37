import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../src/redact/redactor.js';
import type { RedactionStream } from '../../src/workspace/redactor.js';

const CANARY = 'cAnary/7+f31~d9 "0b8\\e2';
const LONG = 'f'.repeat(20) + '0123456789abcdef'.repeat(4);

function inOne(stream: RedactionStream, input: Uint8Array): Buffer {
  return Buffer.concat([stream.push(input), stream.end()]);
}

function inPieces(stream: RedactionStream, input: Buffer, cuts: readonly number[]): Buffer {
  const at = [...new Set([0, ...cuts.map(cut => cut % (input.length + 1)), input.length])].sort(
    (a, b) => a - b,
  );
  const output = at.map((from, index) => {
    const piece = Buffer.from(input.subarray(from, at[index + 1] ?? input.length));
    const redacted = stream.push(piece);
    piece.fill(0);
    return redacted;
  });
  return Buffer.concat([...output, stream.end()]);
}

function wrapped(text: string, columns: number, by: string): string {
  return text.replace(new RegExp(`.{${columns}}(?=.)`, 'g'), line => line + by);
}

const forms: Record<string, (secret: string) => string> = {
  'as it is': secret => secret,
  base64: secret => Buffer.from(secret).toString('base64'),
  'base64 after one byte': secret => Buffer.from(`x${secret}yz`).toString('base64'),
  'base64 after two bytes': secret => Buffer.from(`xy${secret}z`).toString('base64'),
  base64url: secret => Buffer.from(secret).toString('base64url'),
  'URL-encoded': secret => encodeURIComponent(secret),
  'URL-encoded in lower case': secret =>
    encodeURIComponent(secret).replace(/%../g, code => code.toLowerCase()),
  'form-encoded': secret => new URLSearchParams({ a: secret }).toString().slice(2),
  'JSON-escaped': secret => JSON.stringify(secret).slice(1, -1),
  'escaped in XML text': secret => secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
  'escaped in an XML attribute': secret =>
    secret
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
  hex: secret => Buffer.from(secret).toString('hex'),
  'upper-case hex': secret => Buffer.from(secret).toString('hex').toUpperCase(),
};

describe('a secret value', () => {
  test.each(Object.entries(forms))('is hidden %s', (_, form) => {
    const { text } = createRedactor([CANARY]);
    const encoded = form(CANARY);
    const redacted = text(`before ${encoded} after`);
    expect(redacted).toMatch(/^before .{0,3}\[redacted\].{0,4} after$/);
    expect(redacted).not.toContain(encoded);
  });

  test('is hidden when a tool wraps its encoding, or a terminal the value', () => {
    const { text } = createRedactor([LONG]);
    expect(text(wrapped(Buffer.from(LONG).toString('base64'), 76, '\n'))).toBe('[redacted]');
    expect(text(wrapped(Buffer.from(LONG).toString('hex'), 60, '\r\n'))).toBe('[redacted]');
    expect(text(wrapped(LONG, 1, '\n'))).toBe('[redacted]');
    expect(text(`${LONG.slice(0, 50)}\n\n${LONG.slice(50)}`)).not.toContain('[redacted]');
  });

  test('of several lines is hidden line by line too', () => {
    const { text } = createRedactor(['first-line-1\nsecond-line-2']);
    expect(text('1| first-line-1\n2| second-line-2\n')).toBe('1| [redacted]\n2| [redacted]\n');
  });

  test('under eight characters is not looked for', () => {
    expect(createRedactor(['passed', '', '1234567']).text('passed 1234567')).toBe('passed 1234567');
  });

  test('leaves one mark where two overlap', () => {
    const { stream } = createRedactor(['abcdefghij', 'ghijklmnop']);
    const one = stream();
    expect(inOne(one, Buffer.from('<abcdefghijklmnop>')).toString()).toBe('<[redacted]>');
    expect(one.count()).toBe(1);
  });

  test('is not part of the output in any form, wherever it is put and however the input is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 40 }), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.array(fc.nat()),
        (values, between, cuts) => {
          const secrets = values.map(value => value.trim()).filter(value => value.length >= 8);
          const told = secrets.flatMap(secret => Object.values(forms).map(form => form(secret)));
          const input = Buffer.from(
            told.map((form, index) => `${between[index % 7] ?? ' '}|${form}|`).join('\n'),
          );
          const output = inPieces(createRedactor(secrets).stream(), input, cuts).toString();
          const marksAside = output.replaceAll('[redacted]', '\0');
          for (const form of told) expect(marksAside).not.toContain(form);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the output', () => {
  const ingredients = fc.constantFrom(
    CANARY,
    'aaaaaaaa',
    Buffer.from(CANARY).toString('base64'),
    'password=hunter2x',
    'Authorization: Bearer abcdefgh.ijklmnop',
    `-----BEGIN PRIVATE KEY-----\n${'MIIB'.repeat(4200)}`,
    '-----END PRIVATE KEY-----',
    `eyJ${'a'.repeat(3000)}.${'b'.repeat(7000)}.cc`,
    'ghp_0123456789abcdefghij',
    'x'.repeat(30_000),
    '://me:secret@',
    '\n',
    '\r\n',
    ' ',
    'é',
  );

  test('is the same however the input is cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(ingredients, fc.string({ unit: 'binary' })), { maxLength: 30 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (parts, cuts) => {
          const input = Buffer.from(parts.join(''));
          const { stream } = createRedactor([CANARY, 'aaaaaaaa']);
          const whole = stream();
          const pieces = stream();
          expect(inPieces(pieces, input, cuts).equals(inOne(whole, input))).toBe(true);
          expect(pieces.count()).toBe(whole.count());
        },
      ),
      { numRuns: 150 },
    );
  });

  test('keeps bytes without secrets as they are, valid text or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), fc.array(fc.nat()), (bytes, cuts) => {
        const input = Buffer.from(bytes);
        const stream = createRedactor([CANARY]).stream();
        expect(inPieces(stream, input, cuts).equals(input)).toBe(true);
        expect(stream.count()).toBe(0);
      }),
    );
  });

  test('of a range is that part of the whole, and never a part of a secret', () => {
    fc.assert(
      fc.property(fc.nat({ max: 60 }), fc.nat({ max: 60 }), (one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const input = Buffer.from(`0123456789${CANARY}0123456789${CANARY}abcd`);
        const stream = createRedactor([CANARY]).stream(from, to);
        const output = inOne(stream, input).toString();
        expect(output.replaceAll('[redacted]', '')).toMatch(/^[0-9]*[abcd]*$/);
        const spans = [10, 20 + CANARY.length].filter(start => from < start + CANARY.length && start < to);
        expect(stream.count()).toBe(from === to ? 0 : spans.length);
      }),
    );
  });
});

describe('json', () => {
  test('redacts texts, names of members and members that are secret by name, and keeps the shape', () => {
    const { json } = createRedactor(['canary-canary']);
    expect(
      json({
        a: ['x canary-canary', 1, null, true],
        'canary-canary': {},
        apiKey: 'short',
        tokens: 3,
        token: '',
      }),
    ).toEqual({
      a: ['x [redacted]', 1, null, true],
      '[redacted]': {},
      apiKey: '[redacted]',
      tokens: 3,
      token: '',
    });
  });

  test('gives back text with a lone surrogate untouched', () => {
    expect(createRedactor([]).text('a \ud800 lonely half')).toBe('a \ud800 lonely half');
  });
});
