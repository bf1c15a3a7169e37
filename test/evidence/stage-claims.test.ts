import { describe, expect, it } from 'vitest';
import { Check } from '../../schemas/guardrail.js';
import type { Stage } from '../../schemas/ids.js';
import { Telemetry } from '../../schemas/telemetry.js';
import { stageFieldsDenied } from '../../src/evidence/stage-claims.js';
import { stageFiles } from '../support/telemetry.js';
import { ROOT, SPEC } from './fixtures.js';

const SESSION = '20261122T100000Z-0a1b2c3d';

/** `name status`, with `?` after it for a check that is not required. */
const checkOf = (text: string): Check => {
  const [name = '', status = ''] = text.replace('?', '').split(' ');
  return Check.parse({ name, status, required: !text.endsWith('?'), message: 'm', durationMs: 1 });
};

function denied(stage: Stage, checks: readonly string[], fields: object) {
  const told = { root: ROOT, specId: SPEC, sessionId: SESSION, checks: checks.map(checkOf) };
  const [file] = stageFiles(stage, told, fields);
  const bytes = file !== undefined && 'bytes' in file ? file.bytes : '';
  return stageFieldsDenied(Telemetry.parse(JSON.parse(bytes.toString())));
}

/** The only one of the values that the checks support. */
function supported(
  stage: Stage,
  checks: readonly string[],
  values: readonly string[],
  fieldsOf: (value: string) => object,
) {
  return values.filter(value => denied(stage, checks, fieldsOf(value)).length === 0);
}

describe('a field of one stage says what its checks say', () => {
  const log = { mode: 'full', artifact: 'log' };
  it.for<[checks: string[], status: string]>([
    [[], 'skipped'],
    [['clean-tree passed'], 'skipped'],
    [['baseline passed'], 'passed'],
    [['baseline failed'], 'skipped'],
    [['baseline:a passed', 'baseline:b passed'], 'passed'],
    [['baseline:a passed', 'baseline:b not_run'], 'skipped'],
    [['baseline:a passed', 'baseline:b failed'], 'failed'],
    [['baseline:a waived', 'baseline:b passed'], 'failed'],
    [['baselines passed', 'clean-tree failed'], 'skipped'],
  ])('the baseline of %j is %s', ([checks, status]) => {
    const fieldsOf = (value: string) => ({ baseline: { ...log, status: value } });
    expect(supported('plan', checks, ['passed', 'failed', 'skipped'], fieldsOf)).toEqual([status]);
  });

  it.for<[checks: string[], status: string]>([
    [[], 'skipped'],
    [['session-hook passed'], 'ok'],
    [['session-hook failed'], 'failed'],
    [['session-hook not_run'], 'skipped'],
    [['file-hook passed'], 'skipped'],
  ])('the session hook of %j is %s', ([checks, status]) => {
    const fieldsOf = (value: string) => ({ hooks: { 'session.start': value } });
    expect(supported('plan', checks, ['ok', 'failed', 'skipped'], fieldsOf)).toEqual([status]);
  });

  it.for<[checks: string[], status: string]>([
    [[], 'skipped'],
    [['programs passed'], 'ok'],
    [['program:git passed', 'program:npm passed'], 'ok'],
    [['program:git passed', 'program:npm not_run'], 'skipped'],
    [['program:git not_run', 'program:npm failed'], 'failed'],
    [['programmer passed', 'a-program:x failed'], 'skipped'],
  ])('the tools of %j are %s', ([checks, status]) => {
    const fieldsOf = (value: string) => ({ tool: { status: value } });
    expect(supported('tasks', checks, ['ok', 'failed', 'skipped', 'ready'], fieldsOf)).toEqual([status]);
  });

  it.for<[checks: string[], lock: string, hook: string]>([
    [[], 'failed', 'failed'],
    [['lock-kept passed', 'file-hook passed'], 'locked', 'ok'],
    [['lock-kept failed', 'file-hook failed'], 'failed', 'failed'],
    [['lock-kept not_run', 'file-hook not_run'], 'failed', 'failed'],
    [['lock passed', 'file-hook not_run?'], 'failed', 'ok'],
  ])('the lock of %j is %s and its hook %s', ([checks, lock, hook]) => {
    const values = ['locked ok', 'locked failed', 'failed ok', 'failed failed'];
    const fieldsOf = (value: string) => {
      const [lock_status, hook_status] = value.split(' ');
      return { lock_status, hook_status };
    };
    expect(supported('implement', checks, values, fieldsOf)).toEqual([`${lock} ${hook}`]);
  });

  it.for<[checks: string[], status: string]>([
    [[], 'failed'],
    [['lock-released passed'], 'unlocked'],
    [['lock-released failed'], 'failed'],
    [['lock-kept passed'], 'failed'],
  ])('the unlock of %j is %s', ([checks, status]) => {
    const fieldsOf = (value: string) => ({ unlock_status: value });
    expect(supported('unlock', checks, ['unlocked', 'failed'], fieldsOf)).toEqual([status]);
  });

  it.for<[checks: string[], scenarios: [name: string, status: string][]]>([
    [[], [['none', 'skipped']]],
    [['clean-tree passed'], [['none', 'skipped']]],
    [
      ['scenario:a passed', 'hal:b failed'],
      [
        ['scenario:a', 'passed'],
        ['hal:b', 'failed'],
      ],
    ],
    [
      ['evidence:plan not_run', 'verdict:plan waived'],
      [
        ['evidence:plan', 'skipped'],
        ['verdict:plan', 'skipped'],
      ],
    ],
    [['scenarios passed'], [['none', 'skipped']]],
  ])('the scenarios of %j are %j', ([checks, scenarios]) => {
    const listed = scenarios.map(([name, status]) => ({ name, status }));
    for (const stage of ['validate', 'audit'] as const) {
      expect(denied(stage, checks, { scenarios: listed })).toEqual([]);
      expect(
        denied(stage, checks, { scenarios: [...listed, { name: 'scenario:more', status: 'passed' }] }),
      ).toHaveLength(1);
    }
  });

  it.for<[checks: string[], status: string, failed: string[]]>([
    [['hal:a passed', 'hal:b passed'], 'passed', []],
    [['hal:a passed', 'hal:b failed', 'hal:c failed'], 'failed', ['b', 'c']],
    [['hal:a passed', 'hal:b not_run'], 'skipped', []],
    [['halt:a failed'], 'skipped', []],
  ])('the HAL summary of %j is %s', ([checks, status, failed_checks]) => {
    const scenarios = checks.some(check => check.startsWith('hal:'))
      ? checks.map(checkOf).map(check => ({
          name: check.name,
          status: check.status === 'not_run' ? 'skipped' : check.status,
        }))
      : [{ name: 'none', status: 'skipped' }];
    const with_ = (summary: object) =>
      denied('validate', checks, {
        scenarios,
        hal: { summary: { status, failed_checks, artifacts: [], ...summary } },
      });
    expect(with_({})).toEqual([]);
    for (const other of ['passed', 'failed', 'skipped'].filter(each => each !== status))
      expect(with_({ status: other })).toHaveLength(1);
    expect(with_({ failed_checks: ['x'] })).toHaveLength(1);
  });
});

it('what is denied names the field, what it says and what it should say', () => {
  expect(denied('unlock', [], { unlock_status: 'unlocked' })).toEqual([
    {
      message: 'Its unlock_status is unlocked; its own checks make it failed.',
      expected: 'failed',
      actual: 'unlocked',
    },
  ]);
});
