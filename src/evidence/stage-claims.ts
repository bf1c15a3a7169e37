import type { Check } from '../../schemas/guardrail.js';
import type { HalSummary, HalTelemetry } from '../../schemas/hal.js';
import type { Telemetry } from '../../schemas/telemetry.js';

/** A stage field that the checks of the same telemetry do not support. */
export interface Denied {
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
}

type Status = Check['status'] | undefined;

/** Derives every field that only telemetry of one stage has from the checks, and tells which ones differ. */
export function stageFieldsDenied(telemetry: Telemetry | HalTelemetry): readonly Denied[] {
  const { checks } = telemetry;
  switch (telemetry.command) {
    case 'spec-ops-plan':
      return [
        ...differs('baseline.status', baseline(checks), telemetry.baseline.status),
        ...differs('hooks."session.start"', hook(checks, 'session-hook'), telemetry.hooks['session.start']),
      ];
    case 'spec-ops-tasks':
      return differs('tool.status', tools(checks), telemetry.tool.status);
    case 'spec-ops-implement':
      return [
        ...differs(
          'lock_status',
          statusOf(checks, 'lock-kept') === 'passed' ? 'locked' : 'failed',
          telemetry.lock_status,
        ),
        ...differs('hook_status', fileHook(checks), telemetry.hook_status),
      ];
    case 'spec-ops-unlock':
      return differs(
        'unlock_status',
        statusOf(checks, 'lock-released') === 'passed' ? 'unlocked' : 'failed',
        telemetry.unlock_status,
      );
    case 'hal-smoke':
      return summary(checks, telemetry.hal.summary);
    default:
      return [
        ...scenarios(checks, telemetry.scenarios),
        ...(telemetry.hal === undefined ? [] : summary(checks, telemetry.hal.summary)),
      ];
  }
}

function differs(field: string, expected: string, actual: string): readonly Denied[] {
  if (expected === actual) return [];
  return [{ message: `Its ${field} is ${actual}; its own checks make it ${expected}.`, expected, actual }];
}

function statusOf(checks: readonly Check[], name: string): Status {
  return checks.find(check => check.name === name)?.status;
}

/** The commands alone decide: one that was waived had failed, and one that did not run makes the baseline skipped. */
function baseline(checks: readonly Check[]): string {
  const all = checks.filter(({ name }) => name === 'baseline' || name.startsWith('baseline:'));
  const commands = all.filter(({ name }) => name !== 'baseline');
  if (commands.some(({ status }) => status === 'failed' || status === 'waived')) return 'failed';
  return all.length > 0 && all.every(({ status }) => status === 'passed') ? 'passed' : 'skipped';
}

function hook(checks: readonly Check[], name: string): string {
  const status = statusOf(checks, name);
  if (status === 'passed') return 'ok';
  return status === 'failed' ? 'failed' : 'skipped';
}

function fileHook(checks: readonly Check[]): string {
  const check = checks.find(({ name }) => name === 'file-hook');
  return check?.status === 'passed' || check?.required === false ? 'ok' : 'failed';
}

function tools(checks: readonly Check[]): string {
  const statuses = checks.filter(({ name }) => /^programs?(:|$)/.test(name)).map(({ status }) => status);
  if (statuses.includes('failed')) return 'failed';
  return statuses.length > 0 && statuses.every(status => status === 'passed') ? 'ok' : 'skipped';
}

const SCENARIO = /^(?:scenario|hal|evidence|verdict):/;

function scenarios(
  checks: readonly Check[],
  listed: readonly { readonly name: string; readonly status: string }[],
): readonly Denied[] {
  const expected = checks
    .filter(({ name }) => SCENARIO.test(name))
    .map(({ name, status }) => `${name} ${status === 'passed' || status === 'failed' ? status : 'skipped'}`);
  const actual = listed.map(({ name, status }) => `${name} ${status}`);
  return differs(
    'scenarios',
    (expected.length > 0 ? expected : ['none skipped']).join(', '),
    actual.join(', '),
  );
}

/** Of the HAL checks; what a service was started with counts as one of them. */
function summary(checks: readonly Check[], { status, failed_checks }: HalSummary): readonly Denied[] {
  const ours = checks.filter(({ name }) => name.startsWith('hal:'));
  const failed = ours.filter(check => check.status === 'failed').map(({ name }) => name.slice(4));
  const passed = ours.length > 0 && ours.every(check => check.status === 'passed');
  const expected = failed.length > 0 ? 'failed' : passed ? 'passed' : 'skipped';
  return [
    ...differs('hal.summary.status', expected, status),
    ...differs('hal.summary.failed_checks', failed.join(', ') || 'none', failed_checks.join(', ') || 'none'),
  ];
}
