import * as z from 'zod';
import { askedShape, escalationShape } from '../../schemas/consensus-output.js';
import type { Vocabulary } from '../../schemas/consensus-parts.js';
import type { Stage } from '../../schemas/ids.js';
import type { AgentRole } from '../../schemas/settings.js';
import { canonicalJson } from '../evidence/canonical.js';
import { sha256Of } from '../evidence/digest.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * JSON Schema 2020-12 of the answer to one question, in the subset that providers enforce: every property required,
 * `additionalProperties: false`, no bounds, closed vocabularies as enums. Throws RangeError for an agent without a part in the stage.
 */
export function schemaFor(stage: Stage, agent: AgentRole, vocabulary: Vocabulary): JsonSchema {
  return strictSubset(askedShape(stage, agent, vocabulary));
}

/** The same for the one further question to the arbiter, about conflicts. */
export function escalationSchemaFor(agent: AgentRole, vocabulary: Vocabulary): JsonSchema {
  return strictSubset(escalationShape(agent, vocabulary));
}

/** Recorded as `provenance.schema_sha256`. */
export function schemaDigest(schema: JsonSchema): string {
  return sha256Of(Buffer.from(canonicalJson(schema)));
}

function strictSubset(shape: z.ZodType): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(shape);
  return schema;
}
