import * as z from 'zod';
import { LedgerRecord, Manifest } from './evidence.js';
import { GuardrailReport } from './guardrail.js';
import { Settings } from './settings.js';
import { SpecStatusReport } from './status.js';
import { Telemetry } from './telemetry.js';
import { LintReport, UpdateTaskResult } from './tracker.js';

const published = {
  'telemetry-v1': Telemetry,
  'evidence-manifest': Manifest,
  'ledger-record': LedgerRecord,
  'guardrail-report': GuardrailReport,
  'lint-report': LintReport,
  'update-task-result': UpdateTaskResult,
  'spec-status': SpecStatusReport,
  settings: Settings,
} as const;

/** Names of the formats that other programs may rely on, each also a file `<name>.schema.json` beside this one. */
export const SCHEMA_NAMES = Object.keys(published);

/** JSON Schema 2020-12 of a published format; undefined for a name that is not one. Settings are described as written. */
export function publishedSchema(name: string): object | undefined {
  const entry = Object.entries(published).find(([known]) => known === name);
  if (entry === undefined) return undefined;
  return z.toJSONSchema(entry[1], { io: name === 'settings' ? 'input' : 'output' });
}
