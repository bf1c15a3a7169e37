import { expect, test } from 'vitest';
import * as z from 'zod';
import { argumentProblems } from '../src/argument-problems.js';

const Input = z.strictObject({
  specId: z.string().regex(/^SPEC/, 'must be a spec id such as SPEC-KIT-018'),
  stage: z.enum(['plan', 'tasks']),
  seconds: z.int().min(0).optional(),
  note: z.string().max(3).optional(),
  only: z.array(z.string()).min(1).optional(),
  at: z.iso.date().optional(),
});

const valid = { specId: 'SPEC-1', stage: 'plan' };

test.for([
  [{ stage: 'plan' }, 'specId is missing'],
  [{ ...valid, specId: 'x' }, 'specId must be a spec id such as SPEC-KIT-018'],
  [{ ...valid, stage: 'deploy' }, 'stage must be one of plan, tasks'],
  [{ ...valid, seconds: '1' }, 'seconds must be of type number, not string'],
  [{ ...valid, seconds: -1 }, 'seconds must be at least 0'],
  [{ ...valid, note: 'too long' }, 'note must have at most 3 characters'],
  [{ ...valid, only: [] }, 'only must have at least 1 items'],
  [{ ...valid, at: 'noon' }, 'at is wrong: Invalid ISO date'],
  [{ ...valid, spec_id: 'x' }, 'there is no argument "spec_id"'],
  [null, 'the arguments must be of type object, not null'],
  [{ specId: 5 }, 'specId must be of type string, not number; stage must be one of plan, tasks'],
] as const)('%j: %s', ([input, said]) => {
  const { error } = Input.safeParse(input);
  expect(error && argumentProblems(error)).toBe(said);
});

test('however much is wrong, the answer is short', () => {
  const { error } = Input.safeParse({ ...valid, ['x'.repeat(100_000)]: 1 });
  expect(error && argumentProblems(error).length).toBeLessThanOrEqual(1500);
});
