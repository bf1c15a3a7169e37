import * as z from 'zod';
import type { ReportReading } from './counts.js';

const Report = z.object({
  success: z.boolean().optional(),
  testResults: z.array(
    z.object({
      status: z.string().optional(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

/** The JSON of Vitest and Jest. A file that could not be collected has failed, although it has no test to show for it. */
export function readVitestJson(text: string): ReportReading {
  const report = Report.safeParse(parse(text));
  if (!report.success) return { problem: 'it is not the JSON that Vitest and Jest write' };
  const { success, testResults } = report.data;
  const statuses = testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ status }) => status),
  );
  const failed = statuses.filter(status => status === 'failed').length;
  const executed = failed + statuses.filter(status => status === 'passed').length;
  const files = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every(each => each.status !== 'failed'),
  ).length;
  const unnamed = success === false && failed + files === 0 ? 1 : 0;
  return { executed, failed: failed + files + unnamed, left: statuses.length - executed };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
