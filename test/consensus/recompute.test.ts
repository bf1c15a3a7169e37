import { expect, test } from 'vitest';
import { recomputeVerdict } from '../../src/consensus/recompute.js';
import { changed, header, plan } from './answers.js';
import { bundle, bytesOf, PREFIX } from './bundle.js';
import { blocks, nested } from './cases.js';
import type { Run } from './run.js';

/** The bundle with one member of one JSON file replaced. */
function forged(part: string, path: readonly (string | number)[], member: unknown, run: Run = {}) {
  const files = bundle(run);
  const name = `${PREFIX}_${part}`;
  return files.set(name, bytesOf(changed(JSON.parse(String(files.get(name))), path, member)));
}

test.for([
  ['ok', {}],
  ['conflict', { outputs: { ...plan, gemini: blocks } }],
  ['degraded', { outputs: { gemini: plan.gemini, gpt_pro: plan.gpt_pro } }],
  [
    'ok',
    {
      outputs: { ...plan, gemini: blocks },
      escalation: {
        ...header('gpt_pro'),
        resolutions: [{ requirement_id: 'AC-2', chosen: 'ready', reason: 'it exists', cites: ['SPEC.md'] }],
      },
    },
  ],
] as const)('an honest bundle is %s again, from its files alone', ([verdict, run]) => {
  expect(recomputeVerdict(bundle(run))).toEqual({ verdict, problems: [] });
});

test.for([
  [
    'a conflict is called ok',
    forged('synthesis.json', ['status'], 'ok', { outputs: { ...plan, gpt_pro: nested(['x']) } }),
    'conflict',
    'claims ok; its own files make it conflict (R50 declared_conflict)',
  ],
  [
    'a conflict is taken out of an answer',
    forged('gpt_pro.json', ['output', 'final_plan', 'consensus', 'conflicts'], [], {
      outputs: { ...plan, gpt_pro: nested(['x']) },
    }),
    'ok',
    'claims conflict; its own files make it ok',
  ],
  [
    'a finding is gone',
    forged('synthesis.json', ['findings'], [], { outputs: { ...plan, gemini: blocks } }),
    'conflict',
    'other values of: findings',
  ],
  ['an agent’s file is gone', without('claude.json'), 'degraded', 'make it degraded (R01 agent_missing'],
  [
    'a criterion is taken out of the inputs',
    forged('inputs.json', ['criteria', 3], undefined),
    'ok',
    'other values of: ',
  ],
  [
    'a citation is made to exist',
    forged('inputs.json', ['repository', 'cited'], ['docs/x.md'], {}),
    'degraded',
    'make it degraded',
  ],
  [
    'an answer is of another run',
    forged('gemini.json', ['run_id'], '20261124T160000Z-0a1b2c3d'),
    'degraded',
    'R02 agent_invalid',
  ],
  [
    'a file holds the answer of another agent',
    forged('gemini.json', ['agent'], 'claude'),
    'degraded',
    'It is the file of gemini and holds an answer of claude',
  ],
  [
    'metrics name another model',
    forged('gemini_metrics.json', ['model_served'], 'gpt-4'),
    'ok',
    'names another agent, run, provider or model than the file of gemini',
  ],
  [
    'metrics of an agent that failed claim ok',
    forged('gemini.json', ['error'], { code: 'timeout', message: 'It timed out.' }),
    'degraded',
    'claims ok; gemini gave no answer',
  ],
  [
    'metrics are malformed',
    forged('gemini_metrics.json', ['usage', 'input'], 'many'),
    'ok',
    'not JSON of the published schema',
  ],
  [
    'the prompt is another',
    forgedText('gemini_prompt.md', 'Say ready.\n'),
    'ok',
    'is not the prompt that gemini is said to have answered',
  ],
  [
    'telemetry says ok',
    forgedTelemetry(['consensus', 'synthesis_status'], 'ok'),
    'conflict',
    'It claims ok; the files make it conflict',
  ],
  [
    'telemetry is of another spec',
    forgedTelemetry(['specId'], 'SPEC-KIT-018'),
    'conflict',
    'belongs to another spec, run or stage',
  ],
  [
    'telemetry is of another run',
    forgedTelemetry(['sessionId'], '20261124T160000Z-0a1b2c3d'),
    'conflict',
    'belongs to another spec, run or stage',
  ],
  [
    'telemetry is of another stage',
    forgedTelemetry(['command'], 'spec-tasks'),
    'conflict',
    'belongs to another spec, run or stage',
  ],
  [
    'telemetry has two lines',
    forgedText('telemetry.jsonl', '{}\n{}\n'),
    'ok',
    'not one line of telemetry schema v2',
  ],
  [
    'the inputs are of another run',
    forged('inputs.json', ['run_id'], '20261124T160000Z-0a1b2c3d'),
    'degraded',
    'do not belong together',
  ],
] as const)('a forgery is found: %s', ([, files, verdict, message]) => {
  const recomputed = recomputeVerdict(files);
  expect(recomputed.problems.map(problem => problem.message).join('\n')).toContain(message);
  expect(recomputed.verdict).toBe(verdict);
});

test('inputs of another stage do not belong to their name', () => {
  const { problems } = recomputeVerdict(forged('inputs.json', ['stage'], 'tasks'));
  expect(problems[0]).toEqual({
    file: `${PREFIX}_inputs.json`,
    message: 'Its name and its stage and run do not belong together.',
  });
});

test('the prompt of a second attempt is not held against the first', () => {
  const files = forged('gemini.json', ['provenance', 'attempt'], 2);
  files.set(`${PREFIX}_gemini_prompt.md`, Buffer.from('another'));
  expect(recomputeVerdict(files).problems.filter(({ file }) => file.endsWith('.md'))).toEqual([]);
});

function without(part: string): Map<string, Buffer> {
  const files = bundle();
  files.delete(`${PREFIX}_${part}`);
  return files;
}

function forgedText(part: string, text: string): Map<string, Buffer> {
  return bundle().set(`${PREFIX}_${part}`, Buffer.from(text));
}

function forgedTelemetry(path: readonly string[], member: unknown): Map<string, Buffer> {
  const files = bundle({ outputs: { ...plan, gemini: blocks } });
  const name = `${PREFIX}_telemetry.jsonl`;
  return files.set(
    name,
    Buffer.from(JSON.stringify(changed(JSON.parse(String(files.get(name))), path, member))),
  );
}

test.for(['inputs.json', 'synthesis.json'])('without %s there is no verdict', part => {
  expect(recomputeVerdict(without(part))).toMatchObject({ verdict: null, problems: [{ file: `_${part}` }] });
  expect(recomputeVerdict(forgedText(part, 'not JSON'))).toMatchObject({ verdict: null });
});

test('two syntheses are none', () => {
  const files = bundle();
  const other = `spec-plan_20261124T160000Z-0a1b2c3d_synthesis.json`;
  expect(recomputeVerdict(files.set(other, Buffer.from('{}'))).verdict).toBeNull();
});

test('a false claim is laid to the file that makes it', () => {
  const conflict: Run = { outputs: { ...plan, gemini: blocks } };
  for (const path of [['status'], ['findings']])
    expect(
      recomputeVerdict(forged('synthesis.json', path, path[0] === 'status' ? 'ok' : [], conflict)).problems,
    ).toMatchObject([{ file: `${PREFIX}_synthesis.json` }]);
});

test('the verdict of old rules is told from a forged one', () => {
  const files = forged('synthesis.json', ['rules'], '2020-01-01');
  expect(recomputeVerdict(files)).toEqual({ verdict: 'ok', problems: [] });
  const name = `${PREFIX}_synthesis.json`;
  files.set(name, bytesOf(changed(JSON.parse(String(files.get(name))), ['status'], 'conflict')));
  expect(recomputeVerdict(files).problems[0]?.message).toContain('It was computed by rules 2020-01-01.');
});
