import * as z from 'zod';
import { publishedSchema, SCHEMA_NAMES } from '../schemas/published.js';
import { pageOf, startingWith } from '../src/page.js';
import { defineResource } from '../src/resource.js';

export const schemaResource = defineResource({
  name: 'schema',
  title: 'JSON Schema',
  description: 'JSON Schema 2020-12 of a file or result format',
  mimeType: 'application/schema+json',
  uri: 'spec-kit://schemas/{name}',
  params: z.strictObject({ name: z.string().max(64) }),
  list: async (_, from, limit) =>
    pageOf(
      SCHEMA_NAMES.map(name => ({ uri: `spec-kit://schemas/${name}`, name })),
      from,
      limit,
    ),
  async read({ name }) {
    const schema = publishedSchema(name);
    return schema === undefined ? undefined : JSON.stringify(schema, null, 2);
  },
  version: () => '',
  complete: async (_, value) => startingWith(SCHEMA_NAMES, value),
});
