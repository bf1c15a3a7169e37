import type { Resource } from '../src/resource.js';
import { evidenceBundle } from './evidence-bundle.js';
import { evidenceFile } from './evidence-file.js';
import { evidenceIndex } from './evidence-index.js';
import { run } from './run.js';
import { runFile } from './run-file.js';
import { schemaResource } from './schema.js';
import { spec } from './spec.js';
import { specDocument } from './spec-document.js';
import { specs } from './specs.js';
import { tracker } from './tracker.js';
import { trackerRow } from './tracker-row.js';

/** Every resource, in the order that clients list them. */
export const resources: readonly Resource[] = [
  tracker,
  trackerRow,
  specs,
  spec,
  specDocument,
  evidenceIndex,
  evidenceBundle,
  evidenceFile,
  run,
  runFile,
  schemaResource,
];
