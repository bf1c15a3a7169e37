import { newSpec } from '../../src/intake/new-spec.js';
import { openTest } from './repository.js';

/** `spec-maker.js ROOT COUNT NAME`: makes that many specs at once, and reports their ids. */
const [root = '', count = '1', name = ''] = process.argv.slice(2);
const workspace = openTest(root);
const made = await Promise.all(
  Array.from({ length: Number(count) }, (_, index) =>
    newSpec(workspace, { title: `${name} number ${index}`, dryRun: false }, new AbortController().signal),
  ),
);
process.send?.(made.map(({ specId }) => specId));
process.disconnect?.();
