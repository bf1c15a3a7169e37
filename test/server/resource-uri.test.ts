import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchUri } from '../../src/server/resource-uri.js';
import { test as withWorkspace } from '../support/one-workspace.js';
import { createTestHost } from '../support/serving-host.js';

withWorkspace('a variable comes back as it was encoded, whatever it holds', ({ workspace }) => {
  const { resources } = createTestHost([workspace]);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), name => {
      const match = matchUri(resources, `test://notes/${encodeURIComponent(name)}`);
      expect(match?.resource.name).toBe('note');
      expect(match?.variables).toEqual({ name });
    }),
  );
});

withWorkspace('no text makes it throw or match half', ({ workspace }) => {
  const { resources } = createTestHost([workspace]);
  const pieces = fc.constantFrom(
    'test://',
    'notes',
    '/',
    '..',
    '%2e',
    '%',
    'numbers',
    '1',
    '?',
    '#',
    '{name}',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), parts => {
      const uri = parts.join('');
      const match = matchUri(resources, uri);
      if (match) expect(uri.split('/')).toHaveLength(match.resource.uri.split('/').length);
    }),
  );
});

test('a URI that is longer than any of ours names nothing', () => {
  expect(matchUri([], 'x'.repeat(1_000_000))).toBeUndefined();
});
