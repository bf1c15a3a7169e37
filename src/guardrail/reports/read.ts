import type { TestReport } from '../../../schemas/settings.js';
import { readCargo } from './cargo.js';
import type { ReportReading } from './counts.js';
import { readJunit } from './junit.js';
import { readTap } from './tap.js';
import { readVitestJson } from './vitest-json.js';

const readers: Readonly<Record<TestReport['format'], (text: string) => ReportReading>> = {
  junit: readJunit,
  tap: readTap,
  'vitest-json': readVitestJson,
  cargo: readCargo,
};

/** What a report of that format says. Never throws, whatever the text, and takes time linear in it. */
export function readReport(format: TestReport['format'], text: string): ReportReading {
  return readers[format](text);
}
