import type { Scenario } from '../../schemas/telemetry.js';
import { sha256Of } from '../evidence/digest.js';
import type { Checked } from './guardrail.js';

/** Checks as telemetry v1 lists them. What did not run is skipped there, and never passed. */
export function scenariosOf(done: readonly Checked[]): Scenario[] {
  const scenarios = done.map(scenarioOf);
  return scenarios.length > 0 ? scenarios : [{ name: 'none', status: 'skipped' }];
}

function scenarioOf({ check, files }: Checked): Scenario {
  const { name, status, durationMs, exitCode, log, tests } = check;
  const logged = files?.find(file => log?.endsWith(`/${file.name}`));
  return {
    name,
    status: status === 'passed' || status === 'failed' ? status : 'skipped',
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(log === undefined ? {} : { log }),
    ...(tests === undefined ? {} : { tests }),
    ...(logged === undefined ? {} : { digest: 'staged' in logged ? logged.sha256 : sha256Of(logged.bytes) }),
  };
}
