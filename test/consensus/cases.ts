import { CRITERIA, changed, header, type Output, plan, positions } from './answers.js';
import type { Run } from './run.js';

const stub = {
  agent: 'stub',
  model: 'stub-model',
  model_release: '1970-01-01',
  reasoning_mode: 'auto',
  consensus: { agreements: ['stub'], conflicts: [] },
};
const crashed = {
  error: 'agent execution failed',
  consensus: { agreements: [], conflicts: ['gemini execution failed'] },
};
/** The arbiter of the origin's runs: good prose, requirements of its own, no positions. */
const invents = changed(
  changed(
    plan.gpt_pro,
    ['final_plan', 'acceptance_mapping'],
    [{ requirement: 'R1: Docs + tracker ready', validation_step: 'lint', artifact: 'SPEC.md' }],
  ),
  ['final_plan', 'consensus'],
  { agreements: ['Proceed in degraded mode', 'Sequencing aligns'], conflicts: [] },
);
export const nested = (conflicts: readonly string[]) =>
  changed(plan.gpt_pro, ['final_plan', 'consensus', 'conflicts'], conflicts);
export const blocks = { ...plan.gemini, positions: changed(positions(), [1, 'position'], 'blocked') };
const resolution = {
  requirement_id: 'AC-2',
  chosen: 'ready',
  reason: 'the telemetry exists',
  cites: ['docs/SPEC-KIT-DEMO/spec.md'],
};
const resolves = (member: object) =>
  changed(plan.gpt_pro, ['final_plan', 'resolutions'], [{ ...resolution, ...member }]);
const without = (output: Output, ids: readonly string[], path: readonly string[]) =>
  changed(
    output,
    path,
    CRITERIA.filter(id => !ids.includes(id)).map(id => ({
      requirement_id: id,
      validation_step: 'npm test',
      artifact: 'a',
      artifact_exists: false,
    })),
  );

/** The old rule said "ok" to all of these but the second, and counted the stubs as agreement. */
export const cases: readonly [name: string, run: Run, status: string, rules: readonly string[]][] = [
  [
    'two stubs and the arbiter',
    { outputs: { gemini: stub, claude: stub, gpt_pro: invents } },
    'degraded',
    [
      'R02 degrade',
      'R02 degrade',
      'R20 degrade',
      'R20 degrade',
      'R20 degrade',
      'R20 degrade',
      'R23 warn',
      'R52 warn',
      'R52 warn',
      'R71 degrade',
    ],
  ],
  [
    'two crashed agents and the arbiter',
    { outputs: { gemini: null, claude: null, gpt_pro: invents } },
    'degraded',
    [
      'R01 degrade',
      'R01 degrade',
      'R20 degrade',
      'R20 degrade',
      'R20 degrade',
      'R20 degrade',
      'R23 warn',
      'R52 warn',
      'R52 warn',
      'R71 degrade',
    ],
  ],
  [
    'the origin’s files of crashed agents',
    { outputs: { gemini: crashed, claude: crashed, gpt_pro: crashed } },
    'degraded',
    [
      'R02 degrade',
      'R02 degrade',
      'R02 degrade',
      'R20 degrade',
      'R20 degrade',
      'R20 degrade',
      'R20 degrade',
      'R71 degrade',
    ],
  ],
  [
    'nobody at all',
    { outputs: {} },
    'degraded',
    [
      'R01 degrade',
      'R01 degrade',
      'R01 degrade',
      'R20 degrade',
      'R20 degrade',
      'R20 degrade',
      'R20 degrade',
      'R71 degrade',
    ],
  ],
  [
    'an arbiter that silently drops a step and a criterion',
    {
      outputs: {
        ...plan,
        gpt_pro: changed(
          without(plan.gpt_pro, ['AC-3'], ['final_plan', 'acceptance_mapping']),
          ['final_plan', 'work_breakdown', 2],
          undefined,
        ),
      },
    },
    'conflict',
    ['R22 conflict', 'R30 conflict'],
  ],
  [
    'a criterion that nobody covers',
    {
      outputs: {
        ...plan,
        claude: without(plan.claude, ['AC-2'], ['acceptance_mapping']),
        gpt_pro: without(plan.gpt_pro, ['AC-2'], ['final_plan', 'acceptance_mapping']),
      },
    },
    'degraded',
    ['R20 degrade'],
  ],
  [
    'three of four cited paths invented',
    {
      outputs: {
        ...plan,
        gemini: changed(
          plan.gemini,
          ['research_summary', 0, 'cites'],
          ['src/made-up.ts', 'docs/none.md', 'a/b.md'],
        ),
      },
    },
    'degraded',
    ['R10 degrade'],
  ],
  [
    'an echoed template',
    {
      outputs: {
        ...plan,
        gemini: {
          ...header('gemini'),
          research_summary: [{ topic: 'string', details: 'string' }],
          questions: ['string', '...'],
          positions: [{ requirement_id: '${X}' }],
        },
      },
    },
    'degraded',
    ['R02 degrade'],
  ],
  [
    'a conflict inside final_plan.consensus',
    { outputs: { ...plan, gpt_pro: nested(['the order of steps is disputed']) } },
    'conflict',
    ['R50 conflict'],
  ],
  [
    'one agent blocked, another ready',
    { outputs: { ...plan, gemini: blocks } },
    'conflict',
    ['R41 conflict'],
  ],
  [
    'the same, resolved with a reason and a citation',
    { outputs: { ...plan, gemini: blocks, gpt_pro: resolves({}) } },
    'ok',
    ['R42 info'],
  ],
  [
    'resolved with a citation that does not exist',
    { outputs: { ...plan, gemini: blocks, gpt_pro: resolves({ cites: ['docs/none.md'] }) } },
    'conflict',
    ['R41 conflict'],
  ],
  [
    'resolved without a citation',
    { outputs: { ...plan, gemini: blocks, gpt_pro: resolves({ cites: [] }) } },
    'conflict',
    ['R41 conflict'],
  ],
  [
    'resolved with a URL',
    { outputs: { ...plan, gemini: blocks, gpt_pro: resolves({ cites: ['https://example.com/SPEC.md'] }) } },
    'conflict',
    ['R41 conflict'],
  ],
  [
    'resolved without a reason',
    { outputs: { ...plan, gemini: blocks, gpt_pro: resolves({ reason: ' ' }) } },
    'conflict',
    ['R41 conflict'],
  ],
  [
    'resolved as blocked',
    { outputs: { ...plan, gemini: blocks, gpt_pro: resolves({ chosen: 'blocked' }) } },
    'degraded',
    ['R42 info', 'R44 degrade'],
  ],
  [
    'resolved when asked again',
    { outputs: { ...plan, gemini: blocks }, escalation: { ...header('gpt_pro'), resolutions: [resolution] } },
    'ok',
    ['R42 info'],
  ],
  [
    'asked again, and nothing came',
    { outputs: { ...plan, gemini: blocks }, escalation: null },
    'conflict',
    ['R02 warn', 'R41 conflict'],
  ],
  [
    'asked again, another run answers',
    {
      outputs: { ...plan, gemini: blocks },
      escalation: { ...header('gpt_pro'), run_id: '20261124T160000Z-0a1b2c3d', resolutions: [resolution] },
    },
    'conflict',
    ['R02 warn', 'R41 conflict'],
  ],
];
