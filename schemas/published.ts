import * as z from 'zod';
import { AutoReport } from './auto.js';
import { AgentEvidence, ConsensusInputs, Synthesis } from './consensus.js';
import { LedgerRecord, Manifest } from './evidence.js';
import { GuardrailReport } from './guardrail.js';
import { HalCapture, HalProfileFile, HalReport, HalTelemetry } from './hal.js';
import { RunRecord } from './run.js';
import { Settings } from './settings.js';
import { StageReport } from './stage-tools.js';
import { SpecStatusReport } from './status.js';
import { Telemetry } from './telemetry.js';
import { AgentMetrics, TelemetryV2 } from './telemetry-v2.js';
import { LintReport, UpdateTaskResult } from './tracker.js';

const published = {
  'telemetry-v1': Telemetry,
  'telemetry-v2': TelemetryV2,
  'consensus-agent': AgentEvidence,
  'consensus-inputs': ConsensusInputs,
  'consensus-metrics': AgentMetrics,
  'consensus-synthesis': Synthesis,
  'evidence-manifest': Manifest,
  'ledger-record': LedgerRecord,
  'guardrail-report': GuardrailReport,
  'stage-report': StageReport,
  'hal-report': HalReport,
  'hal-telemetry': HalTelemetry,
  'hal-capture': HalCapture,
  'hal-profile': HalProfileFile,
  'lint-report': LintReport,
  'update-task-result': UpdateTaskResult,
  'spec-status': SpecStatusReport,
  run: RunRecord,
  'auto-report': AutoReport,
  settings: Settings,
} as const;

const WRITTEN_BY_PEOPLE: readonly string[] = ['settings', 'hal-profile'];

/** Names of the formats that other programs may rely on, each also a file `<name>.schema.json` beside this one. */
export const SCHEMA_NAMES = Object.keys(published);

/** JSON Schema 2020-12 of a published format; undefined for a name that is not one. Settings and profiles are described as written. */
export function publishedSchema(name: string): object | undefined {
  const entry = Object.entries(published).find(([known]) => known === name);
  if (entry === undefined) return undefined;
  return z.toJSONSchema(entry[1], { io: WRITTEN_BY_PEOPLE.includes(name) ? 'input' : 'output' });
}
