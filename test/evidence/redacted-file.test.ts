import { expect, test } from 'vitest';
import { redactedFile } from '../../src/evidence/redaction.js';
import { createRedactor } from '../../src/redact/redactor.js';

const redactor = createRedactor(['swordfish-4711', '47114711']);
const published = (name: string, text: string) =>
  Buffer.from(redactedFile(redactor, name, Buffer.from(text))).toString();

test.for([
  ['log.txt', 'key swordfish-4711\n', 'key [redacted]\n'],
  ['data.json', '{"key":"swordfish-4711"}', '{"key":"[redacted]"}'],
  ['broken.json', '{"key":"swordfish-4711"', '{"key":"[redacted]"'],
  ['numbers.txt', '{"pin":47114711}', '{"pin":[redacted]}'],
  ['clean.json', '{"pin":1}', '{"pin":1}'],
] as const)('%s is published without its secret', ([name, text, clean]) => {
  expect(published(name, text)).toBe(clean);
});

test('a secret that cannot be hidden without breaking the JSON around it is refused by the name of the file', () => {
  expect(() => published('data.json', '{"pin":47114711}')).toThrowError(
    expect.objectContaining({
      code: 'REFUSED',
      message: expect.stringContaining('data.json holds a secret'),
    }),
  );
});
