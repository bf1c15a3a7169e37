import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import type * as z from 'zod';

type JsonObject = Record<string, unknown>;

const RESULT: JsonObject = { type: 'object' };

/**
 * What is listed of every result. The adapter holds each one to its whole schema, which is published as a resource; in
 * `tools/list` each byte of it would be paid for in every session, and `summary` and `next` are in all of them.
 */
export const listedResult = passing({ input: () => RESULT, output: () => RESULT });

const listed = new WeakMap<z.ZodObject, StandardSchemaWithJSON>();

/** The schema of an input as the SDK gets it. Its JSON Schema is built once per process instead of once per request. */
export function listedInput(schema: z.ZodObject): StandardSchemaWithJSON {
  const before = listed.get(schema);
  if (before) return before;
  const input = lazily(() => slim(schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' })));
  const made = passing({ input, output: () => RESULT });
  listed.set(schema, made);
  return made;
}

/** Lets every value through, because the adapter parses input and output itself. */
function passing(jsonSchema: StandardSchemaWithJSON['~standard']['jsonSchema']): StandardSchemaWithJSON {
  return { '~standard': { version: 1, vendor: 'spec-kit', validate: value => ({ value }), jsonSchema } };
}

function lazily(build: () => JsonObject): () => JsonObject {
  let built: JsonObject | undefined;
  return () => {
    built ??= build();
    return built;
  };
}

/**
 * Without what says nothing more to a client: the default dialect, the bounds of numbers, and the constraints of
 * texts, which stand in the descriptions because some clients drop them; the adapter holds every call to all of them.
 */
function slim({ $schema: _, ...schema }: JsonObject): JsonObject {
  return slimEntries(schema);
}

const SAID_IN_WORDS: readonly string[] = [
  'pattern',
  'minLength',
  'maxLength',
  'propertyNames',
  'default',
  'minimum',
  'maximum',
];

function slimEntries(schema: object): JsonObject {
  const kept = Object.entries(schema).filter(
    ([key, value]) => !isSafeIntegerBound(value) && !isSaidInWords(key, value),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, slimValue(value)]));
}

/** A property may have such a name, too; then its value is a schema. */
function isSaidInWords(key: string, value: unknown): boolean {
  return SAID_IN_WORDS.includes(key) && !(isObject(value) && 'description' in value);
}

function slimValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(slimValue);
  return isObject(value) ? slimEntries(value) : value;
}

function isSafeIntegerBound(value: unknown): boolean {
  return value === Number.MAX_SAFE_INTEGER || value === Number.MIN_SAFE_INTEGER;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}
