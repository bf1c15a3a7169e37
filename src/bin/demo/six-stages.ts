import { GuardrailReport } from '../../../schemas/guardrail.js';
import type { MockMode } from '../../../schemas/hal.js';
import type { Stage } from '../../../schemas/ids.js';
import { type HalMock, startHalMock } from '../../ports/hal-mock.js';
import type { Session } from './session.js';

/** The mock API at one address, healthy or not. */
export interface Api {
  readonly url: string;
  become(mode: MockMode): Promise<void>;
  close(): Promise<void>;
}

export async function startApi(): Promise<Api> {
  let mock: HalMock = await startHalMock({ mode: 'healthy', port: 0 });
  const { url } = mock;
  return {
    url,
    async become(mode) {
      await mock.close();
      mock = await startHalMock({ mode, port: Number(new URL(url).port) });
    },
    close: () => mock.close(),
  };
}

/** Runs one stage and says how it came out: a line for the outcome, and one for each check that failed or did not run. */
export async function stage(
  say: (line?: string) => void,
  session: Session,
  specId: string,
  name: Stage,
): Promise<GuardrailReport> {
  const report = GuardrailReport.parse(await session.call('run_guardrail', { specId, stage: name }));
  const passed = report.checks.filter(({ status }) => status === 'passed').map(each => each.name);
  say(`   ${name.padEnd(9)} ${report.outcome.padEnd(10)} ${passed.length} passed: ${passed.join(', ')}`);
  for (const { name: check, status, message } of report.checks)
    if (status === 'failed') say(`             ${status}     ${check}: ${message}`);
  return report;
}
