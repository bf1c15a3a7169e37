import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import type * as z from 'zod';

type JsonObject = Record<string, unknown>;

const listed = new WeakMap<z.ZodObject, StandardSchemaWithJSON>();

/**
 * A schema as the SDK gets it: it lets everything through, because the adapter parses input and output itself, and
 * its JSON Schema is built once per process and direction instead of once per request.
 */
export function listedSchema(schema: z.ZodObject): StandardSchemaWithJSON {
  const before = listed.get(schema);
  if (before) return before;
  const jsonSchema = {
    input: lazily(() => slim(schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' }))),
    output: lazily(() => slim(schema['~standard'].jsonSchema.output({ target: 'draft-2020-12' }))),
  };
  const made: StandardSchemaWithJSON = {
    '~standard': { version: 1, vendor: 'spec-kit', validate: value => ({ value }), jsonSchema },
  };
  listed.set(schema, made);
  return made;
}

function lazily(build: () => JsonObject): () => JsonObject {
  let built: JsonObject | undefined;
  return () => {
    built ??= build();
    return built;
  };
}

/** Without what says nothing to a client: the default dialect and the bounds of a safe integer. */
function slim({ $schema: _, ...schema }: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, slimValue(value)]));
}

function slimValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(slimValue);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([, entry]) => !isSafeIntegerBound(entry));
  return Object.fromEntries(kept.map(([key, entry]) => [key, slimValue(entry)]));
}

function isSafeIntegerBound(value: unknown): boolean {
  return value === Number.MAX_SAFE_INTEGER || value === Number.MIN_SAFE_INTEGER;
}
