import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coverageOf, MAX_CRITERIA, readCriteria, readMappings } from '../../src/packet/criteria.js';

const spec = (items: string) => `# Spec\n\n## Acceptance Criteria\n\n${items}\n\n## Scope\n\n- not one\n`;
const plan = (rows: string) =>
  `# Plan\n\n## Acceptance Mapping\n\n| Requirement (Spec) | Validation Step | Test/Check Artifact |\n| --- | --- | --- |\n${rows}\n\n## Risks & Unknowns\n| R9 | not a mapping | x |\n`;
const ids = (text: string) => readCriteria(text).map(({ id }) => id);

test('reads the list under Acceptance Criteria, with its own ids or by position', () => {
  expect(readCriteria(spec('- R1: answers\n- [ ] is fast\n  - a detail\n2. **R3** says so'))).toEqual([
    { id: 'R1', text: 'answers', line: 5 },
    { id: 'AC-2', text: 'is fast', line: 6 },
    { id: 'R3', text: 'says so', line: 8 },
  ]);
});

test('two items of the list with one id are two criteria; one that repeats itself or another section is one', () => {
  expect(readCriteria(spec('- R1: answers\n- R1: fails loudly\n- R-1: is fast\n- R1: answers'))).toEqual([
    { id: 'R1', text: 'answers', line: 5 },
    { id: 'AC-2', text: 'fails loudly', line: 6 },
    { id: 'AC-3', text: 'is fast', line: 7 },
  ]);
  expect(ids(spec('- AC-3: a\n- R1: b\n- R1: c'))).toEqual(['AC-3', 'R1', 'AC-4']);
  expect(ids(`## Objectives\n\n- R1: an API\n\n${spec('- R1: the API answers')}`)).toEqual(['R1']);
  const { unmapped } = coverageOf(
    readCriteria(spec('- R1: a\n- R1: b')),
    readMappings(plan('| R1 | test | log |')),
  );
  expect(unmapped.map(({ id }) => id)).toEqual(['AC-2']);
});

test.for([
  ['R1: x', 'R1'],
  ['**R1**: x', 'R1'],
  ['**R1:** x', 'R1'],
  ['`FR-2` x', 'FR-2'],
  ['[AC3] x', 'AC3'],
  ['NFR-4.1. x', 'NFR-4.1'],
  ['R5 - x', 'R5'],
  ['R6 is only mentioned', 'AC-1'],
  ['HTTP2', 'AC-1'],
] as const)('the id of %j is %s', ([item, id]) => {
  expect(ids(spec(`- ${item}`))).toEqual([id]);
});

test('finds requirement ids outside the list, in items and tables, but not what is no promise or an example', () => {
  const text = [
    '# Spec',
    '## Requirements',
    '| ID | Description |',
    '| --- | --- |',
    '| R1 | answers |',
    '- FR-2: is fast',
    '- T3: a task, no requirement',
    '- see R4 elsewhere',
    '## Non-Goals',
    '- R5: world peace',
    '## Example',
    '```',
    '- R6: in a fence',
    '```',
    '<!-- - R7: in a comment -->',
  ].join('\n');
  expect(readCriteria(text).map(({ id, line }) => [id, line])).toEqual([
    ['R1', 5],
    ['FR-2', 6],
  ]);
});

test('a criterion is covered by its id or by its own words, and only by a row that says how', () => {
  const criteria = readCriteria(
    spec('- R1: answers\n- R2: is fast\n- The tracker row cites the evidence (T18).\n- R4: is safe'),
  );
  const mappings = readMappings(
    plan(
      '| R-1: Answers | curl | log |\n| R2 | TBD | |\n| The **tracker row** cites the evidence | lint | log |\n| R7: gone | x | y |',
    ),
  );
  const { unmapped, unknown } = coverageOf(criteria, mappings);
  expect(unmapped.map(({ id, line }) => [id, line])).toEqual([
    ['R2', 6],
    ['R4', 8],
  ]);
  expect(unknown).toEqual(['R7']);
});

test('one row may cover several criteria, and an escaped pipe is no cell', () => {
  const criteria = readCriteria(spec('- R1: a\n- R2: b\n- R10: c'));
  const { unmapped } = coverageOf(criteria, readMappings(plan('| R1, R2 \\| more | unit test | log |')));
  expect(unmapped.map(({ id }) => id)).toEqual(['R10']);
});

test.for([
  ['TODO: the step that shows it', false],
  ['**TBD**, ask Ben', false],
  ['fixme', false],
  ['list what todo.md says', true],
  ['todos are listed', true],
] as const)('a validation step "%s" counts: %s', ([step, counts]) => {
  const { unmapped } = coverageOf(readCriteria(spec('- R1: a')), readMappings(plan(`| R1 | ${step} | x |`)));
  expect(unmapped.length === 0).toBe(counts);
});

test('a plan without the table maps nothing, and a fenced table is an example', () => {
  expect(readMappings('# Plan\n\n## Inputs\n')).toEqual([]);
  expect(readMappings('## Acceptance Mapping\n```\n| a | b |\n| --- | --- |\n| R1 | x |\n```\n')).toEqual([]);
});

test('reads any text in linear time and never more than the limit', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), text => {
      const criteria = readCriteria(spec(text));
      const { unmapped } = coverageOf(criteria, readMappings(plan(text)));
      return unmapped.length <= criteria.length;
    }),
  );
  const many = Array.from({ length: 5000 }, (_, index) => `- R${index}: x`).join('\n');
  expect(readCriteria(spec(many))).toHaveLength(MAX_CRITERIA);
  for (const hostile of [
    ' '.repeat(500_000),
    '#'.repeat(500_000),
    `- ${'*'.repeat(500_000)}`,
    '|'.repeat(500_000),
  ])
    expect(readCriteria(spec(`${hostile}x`)).length).toBeLessThan(3);
});
