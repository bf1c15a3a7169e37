import * as z from 'zod';
import { pageOf, startingWith } from '../src/page.js';
import { defineResource } from '../src/resource.js';

/** Loaded when somebody asks: building all schemas takes longer than the rest of a start. */
const published = () => import('../schemas/published.js');

export const schemaResource = defineResource({
  name: 'schema',
  title: 'JSON Schema',
  description: 'JSON Schema 2020-12 of a file or result format',
  mimeType: 'application/schema+json',
  uri: 'spec-kit://schemas/{name}',
  params: z.strictObject({ name: z.string().max(64) }),
  async list(_, from, limit) {
    const { SCHEMA_NAMES } = await published();
    const entries = SCHEMA_NAMES.map(name => ({ uri: `spec-kit://schemas/${name}`, name }));
    return pageOf(entries, from, limit);
  },
  async read({ name }) {
    const { publishedSchema } = await published();
    const schema = publishedSchema(name);
    return schema === undefined ? undefined : JSON.stringify(schema, null, 2);
  },
  version: () => '',
  complete: async (_, value) => startingWith((await published()).SCHEMA_NAMES, value),
});
