import { rmSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { makeRepository, openTest } from '../support/repository.js';
import { inWords, SESSION, SPEC, surveyOf } from './fixtures.js';

const HERE = `commands/${SPEC}`;
const shared = makeRepository();
const workspace = openTest(shared.root);
afterAll(() => rmSync(shared.root, { recursive: true, force: true }));

test.for([
  ['quotes pasted into JSON', '{"note": "he said "no""}', 'invalid not-json'],
  ['half a file', '{"note": ', 'invalid not-json'],
  ['nothing', '', 'invalid not-json'],
  ['a list', '[1]', 'invalid not-an-object'],
  ['two hundred thousand brackets', '['.repeat(200_000), 'invalid not-json'],
  [
    'a deep value',
    `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    'incomplete field-missing no-artifacts',
  ],
  ['a member that is no member', '{"__proto__": {"polluted": 1}}', 'incomplete field-missing no-artifacts'],
])('%s is judged, not thrown', ([, text, expected]) => {
  const { bundles } = surveyOf(shared, workspace, HERE, { [`spec-tasks_${SESSION}.json`]: text });
  expect(inWords(bundles)[0]).toMatch(new RegExp(`^${expected}`));
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});
