import { expect, test } from 'vitest';
import * as z from 'zod';
import { listedInput, listedResult } from '../../src/server/listed-schema.js';

const OPTIONS = { target: 'draft-2020-12' } as const;

test('an input keeps everything that helps to write it; constraints of texts are left to the descriptions', () => {
  const input = z.strictObject({
    name: z.string().max(9).describe('A name, at most 9 characters'),
    pattern: z.string().min(1).describe('A property with the name of a constraint'),
    count: z.int().optional(),
    inner: z.strictObject({ deep: z.int().min(1) }),
  });
  expect(listedInput(input)['~standard'].jsonSchema.input(OPTIONS)).toEqual({
    type: 'object',
    properties: {
      name: { type: 'string', description: 'A name, at most 9 characters' },
      pattern: { type: 'string', description: 'A property with the name of a constraint' },
      count: { type: 'integer' },
      inner: {
        type: 'object',
        properties: { deep: { type: 'integer' } },
        required: ['deep'],
        additionalProperties: false,
      },
    },
    required: ['name', 'pattern', 'inner'],
    additionalProperties: false,
  });
});

test('of an output is listed what is true of every result', () => {
  expect(listedResult['~standard'].jsonSchema.output(OPTIONS)).toEqual({ type: 'object' });
});

test('is built once', () => {
  const schema = z.object({ a: z.string() });
  const listed = listedInput(schema);
  expect(listedInput(schema)).toBe(listed);
  const { jsonSchema } = listed['~standard'];
  expect(jsonSchema.input(OPTIONS)).toBe(jsonSchema.input(OPTIONS));
});
