import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AgentRole } from '../../schemas/settings.js';
import { leavesOf } from '../../src/consensus/placeholder.js';
import { rosterOf } from '../../src/consensus/roster.js';
import { synthesize } from '../../src/consensus/synthesize.js';
import { canonicalJson } from '../../src/evidence/canonical.js';
import { changed, type Output, plan } from './answers.js';
import { cases } from './cases.js';
import { type Run, request, stored } from './run.js';
import { audit, implement, tasks, unlock, validate } from './stages.js';

const clean: readonly Run[] = [
  { stage: 'plan', outputs: plan },
  { stage: 'tasks', outputs: tasks },
  { stage: 'implement', outputs: implement },
  { stage: 'validate', outputs: validate },
  { stage: 'audit', outputs: audit },
  { stage: 'unlock', outputs: unlock },
];
const bad: readonly Run[] = cases.filter(([, , status]) => status !== 'ok').map(([, run]) => run);

type Damage = (output: Output, pick: number) => Output | null;

const required = (output: Output) =>
  Object.keys(output).filter(name => !/^(spec_id|run_id|answers|dropped|resolutions)$/.test(name));
/** Paths of texts as `changed` takes them. */
const textPaths = (output: Output) =>
  [...leavesOf(output)]
    .filter(([, leaf]) => typeof leaf === 'string')
    .map(([path]) =>
      path
        .split(/[.[\]]+/)
        .filter(part => part !== '')
        .map(part => (/^\d+$/.test(part) ? Number(part) : part)),
    );
const pickOf = <T>(all: readonly T[], pick: number): T[] => all.slice(pick % all.length).slice(0, 1);

const damages: Readonly<Record<string, Damage>> = {
  gone: () => null,
  'reports an error': output => ({ ...output, error: 'agent execution failed' }),
  'of another stage': output => ({ ...output, stage: 'spec-other' }),
  'of another spec': output => ({ ...output, spec_id: 'SPEC-KIT-018' }),
  'of another run': output => ({ ...output, run_id: '20261124T160000Z-0a1b2c3d' }),
  'of another prompt': output => ({ ...output, prompt_version: '20200101-x-a' }),
  'of another agent': output => ({ ...output, agent: 'somebody' }),
  'a stub': output => ({ ...output, model: 'stub-model' }),
  'without a part': (output, pick) =>
    pickOf(required(output), pick).reduce<Output>((left, name) => changed(left, [name], undefined), output),
  'without its type': (output, pick) =>
    pickOf(required(output), pick).reduce<Output>((left, name) => changed(left, [name], 7), output),
  'with a placeholder': (output, pick) =>
    pickOf(textPaths(output), pick).reduce<Output>(
      (left, path) => changed(left, path, '${LEFT_OPEN}'),
      output,
    ),
  'with a hidden character': (output, pick) =>
    pickOf(textPaths(output), pick).reduce<Output>((left, path) => changed(left, path, 'a\u202eb'), output),
  'without positions': output => changed(output, ['positions'], []),
};

function damaged(run: Run, agent: AgentRole, damage: Damage, pick: number): Run {
  const output = run.outputs?.[agent];
  if (output === undefined || output === null) return run;
  return { ...run, outputs: { ...run.outputs, [agent]: damage(output, pick) } };
}

const Damages = fc.array(
  fc.tuple(fc.constantFrom(...AgentRole.options), fc.constantFrom(...Object.values(damages)), fc.nat()),
  { minLength: 1, maxLength: 3 },
);

test.for(Object.entries(damages))(
  'an answer that is %s makes every clean run of every stage worse',
  ([, damage]) => {
    for (const run of clean)
      for (const agent of rosterOf(run.stage ?? 'plan'))
        for (const pick of [0, 11]) {
          const { status } = synthesize(request(damaged(run, agent, damage, pick)));
          expect([run.stage, agent, pick, status]).not.toContain('ok');
        }
  },
);

test('removing or damaging agents never makes a run that is not ok ok', () => {
  fc.assert(
    fc.property(fc.constantFrom(...bad), Damages, (run, list) => {
      const worse = list.reduce<Run>(
        (left, [agent, damage, pick]) => damaged(left, agent, damage, pick),
        run,
      );
      expect(synthesize(request(worse)).status).not.toBe('ok');
    }),
    { numRuns: 80 },
  );
});

test('a second file of an agent never makes a run ok', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...bad, ...clean),
      fc.constantFrom('gemini', 'claude', 'gpt_pro'),
      (run, agent) => {
        const whole = request(run);
        const second = stored(agent, plan[agent], { ...run, provenance: { attempt: 2 } });
        expect(synthesize({ ...whole, agents: [...whole.agents, second] }).status).not.toBe('ok');
      },
    ),
    { numRuns: 30 },
  );
});

test('the same inputs in any order are the same bytes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...bad, ...clean).chain(run => {
        const whole = request(run);
        return fc.tuple(
          fc.constant(whole),
          fc.shuffledSubarray([...whole.agents], { minLength: whole.agents.length }),
        );
      }),
      ([whole, agents]) => {
        expect(canonicalJson(synthesize({ ...whole, agents }))).toBe(canonicalJson(synthesize(whole)));
      },
    ),
    { numRuns: 30 },
  );
});

test('never throws, whatever the outputs are', () => {
  const Output = fc.dictionary(
    fc.constantFrom(
      'positions',
      'final_plan',
      'consensus',
      'conflicts',
      'decision',
      'tasks',
      'stage',
      'agent',
      'questions',
    ),
    fc.jsonValue({ maxDepth: 3 }),
  );
  fc.assert(
    fc.property(Output, Output, fc.boolean(), (one, other, keepHeader) => {
      const outputs = {
        gemini: keepHeader ? { ...plan.gemini, ...one, agent: 'gemini', stage: 'spec-plan' } : one,
        claude: plan.claude,
        gpt_pro: { ...plan.gpt_pro, ...other },
      };
      expect(['ok', 'conflict', 'degraded']).toContain(synthesize(request({ outputs })).status);
    }),
    { numRuns: 80 },
  );
});
